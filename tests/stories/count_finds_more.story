# What a count finds beyond the books comes in at the count's cost, else at the fall-back cost.
product  MILK cost 1.50
location COLD
count    MILK 2 at COLD                    -> counted 2 instead of 0, cost 3.00, comes from adjustment
count    MILK 4 at COLD at 2.00            -> counted 4 instead of 2, cost 4.00
balance  MILK at COLD                      -> 4, value 7.00
