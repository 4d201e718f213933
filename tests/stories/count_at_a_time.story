# A count replaces the stock figure at its date; what happened later is kept.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD on 2024-01-05
ship     MILK 4 from COLD on 2024-01-10
count    MILK 7 at COLD on 2024-01-07      -> counted 7 instead of 10, cost 6.00, goes to adjustment
balance  MILK at COLD as of 2024-01-07     -> 7
balance  MILK at COLD                      -> 3
count    MILK 5 at COLD on 2024-01-11      -> counted 5 instead of 3, comes from adjustment
balance  MILK at COLD                      -> 5
