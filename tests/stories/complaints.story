# A complaint brings goods back from a customer, or sends others out.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD
ship     MILK 2 from COLD
complaint MILK 1 into COLD                 -> cost 2.00, comes from customer
complaint MILK 1 from COLD                 -> cost 2.00, goes to customer
balance  MILK at COLD                      -> 8, value 16.00
