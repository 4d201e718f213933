# A return without a cost takes what the sale cost that it cancels, else the average just before it.
product  MILK cost 9.00
location COLD
customer ANNA
receive  MILK 10 at 2.00 into COLD
ship     MILK 4 from COLD to ANNA for invoice 7          -> cost 8.00
receive  MILK 6 at 6.00 into COLD
balance  MILK at COLD                                    -> 12, value 48.00
receive  MILK 1 into COLD from ANNA against invoice 7    -> cost 2.00
receive  MILK 1 into COLD from ANNA against invoice 8    -> cost 3.8462
receive  MILK 1 at 5.00 into COLD from ANNA against invoice 7   -> cost 5.00
receive  MILK 1 into COLD from ANNA                      -> cost 3.9231
ship     MILK 16 from COLD
receive  MILK 1 into COLD from ANNA                      -> cost 9.00
