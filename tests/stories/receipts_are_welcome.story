# A receipt is always welcome, also while stock stays negative; an issue that deepens it is not.
product  MILK
location COLD
ship     MILK 5 from COLD on 2024-01-05
setting  negativeStock "forbid"
receive  MILK 2 at 1.00 into COLD on 2024-01-06
balance  MILK at COLD                          -> -3
ship     MILK 1 from COLD on 2024-01-06        -> rejected insufficientStock
receive  MILK 1 at 1.00 into COLD on 2024-01-02
ship     MILK 1 from COLD on 2024-01-02        -> rejected insufficientStock, naming 2024-01-05
balance  MILK at COLD                          -> -2
# In one booking the receipt may make up for the issue, and more is not asked of it.
book
  receive MILK 4 at 1.00 into COLD on 2024-01-07
  ship    MILK 1 from COLD on 2024-01-08
balance  MILK at COLD                          -> 1
