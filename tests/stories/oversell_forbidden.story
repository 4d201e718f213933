# Forbidden to oversell: an issue must fit at its own date and at every later one.
setting  negativeStock "forbid"
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD on 2024-01-05
ship     MILK 8 from COLD on 2024-01-10
ship     MILK 3 from COLD              -> rejected insufficientStock, naming MILK, naming COLD, naming short by 1
ship     MILK 1 from COLD on 2024-01-04   -> rejected insufficientStock, naming 2024-01-04, naming short by 1
# Two are free on the 7th, for the eight of the 10th are spoken for.
ship     MILK 3 from COLD on 2024-01-07   -> rejected insufficientStock, naming 2024-01-10, naming short by 1
ship     MILK 2 from COLD on 2024-01-07
ship     MILK 1 from COLD on 2024-01-07   -> rejected insufficientStock
balance  MILK at COLD as of 2024-01-04    -> 0
balance  MILK at COLD as of 2024-01-05    -> 10
balance  MILK at COLD as of 2024-01-07    -> 8
balance  MILK at COLD as of 2024-01-10    -> 0
balance  MILK at COLD                     -> 0
