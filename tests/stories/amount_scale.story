# Amounts are kept to four digits, or to as many as the setting says; halves go to the even neighbour.
product  TEA
product  SALT
location SHELF
receive  TEA 3 at 0.333333 into SHELF     -> cost 1
receive  TEA 1 at 0.00025 into SHELF      -> cost 0.0002
setting  amountScale 2
receive  SALT 1 at 0.125 into SHELF       -> cost 0.12
receive  SALT 1 at 0.135 into SHELF       -> cost 0.14
receive  SALT 1 at 0.74 into SHELF
ship     SALT 1 from SHELF                -> cost 0.33
ship     SALT 1 from SHELF                -> cost 0.34
ship     SALT 1 from SHELF                -> cost 0.33
balance  SALT at SHELF                    -> 0, value 0
