# What is sold before it is received costs what the receipt that covers it costs, once values are settled.
product  TEA
product  SALT cost 3.00
location SHELF
ship     TEA 2 from SHELF              -> cost 0
balance  TEA at SHELF                  -> -2, value 0
receive  TEA 20 at 3.30 into SHELF     -> cost 66.00
settle
balance  TEA at SHELF                  -> 18, value 59.40

# Until then the fall-back cost is better than none.
ship     SALT 2 from SHELF             -> cost 6.00
balance  SALT at SHELF                 -> -2, value -6.00
receive  SALT 1 at 2.00 into SHELF
settle
balance  SALT at SHELF                 -> -1, value -3.00
receive  SALT 5 at 4.00 into SHELF
settle
balance  SALT at SHELF                 -> 4, value 16.00
