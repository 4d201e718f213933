# Average cost: an issue takes its share of the pool, and what empties the pool takes the rest.
product  TEA
location SHELF
receive  TEA 2 at 1.00 into SHELF
receive  TEA 1 at 1.01 into SHELF      -> cost 1.01
balance  TEA at SHELF                  -> 3, value 3.01
ship     TEA 1 from SHELF              -> cost 1.0033
ship     TEA 1 from SHELF              -> cost 1.0034
ship     TEA 1 from SHELF              -> cost 1.0033
balance  TEA at SHELF                  -> 0, value 0

# All at once comes to the same.
receive  TEA 2 at 1.00 into SHELF
receive  TEA 1 at 1.01 into SHELF
ship     TEA 3 from SHELF              -> cost 3.01
balance  TEA at SHELF                  -> 0, value 0

# A dearer receipt raises the average of what is left, not what was sold before.
receive  TEA 10 at 1.00 into SHELF
ship     TEA 5 from SHELF              -> cost 5.00
receive  TEA 5 at 2.00 into SHELF
ship     TEA 4 from SHELF              -> cost 6.00
balance  TEA at SHELF                  -> 6, value 9.00
