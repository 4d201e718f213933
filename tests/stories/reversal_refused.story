# What was taken from a receipt must be undone before the receipt is; the answer names the first date that breaks.
setting  negativeStock "forbid"
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD on 2024-01-05 as DELIVERY
ship     MILK 4 from COLD on 2024-01-10 as SALE
ship     MILK 1 from COLD on 2024-01-12
reverse  DELIVERY                          -> refused insufficientStock, naming -4 of MILK at COLD on 2024-01-10
receive  MILK 5 at 2.00 into COLD on 2024-01-04
reverse  DELIVERY
balance  MILK at COLD                      -> 0
balance  MILK at COLD as of 2024-01-05     -> 5
reverse  SALE
balance  MILK at COLD                      -> 4
