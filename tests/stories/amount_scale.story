# Amounts are kept to as many digits as the setting says, from the first booking on; halves go to the even neighbour.
product  SALT
location SHELF
setting  amountScale 2
receive  SALT 1 at 0.125 into SHELF       -> cost 0.12
receive  SALT 1 at 0.135 into SHELF       -> cost 0.14
receive  SALT 1 at 0.74 into SHELF
ship     SALT 1 from SHELF                -> cost 0.33
ship     SALT 1 from SHELF                -> cost 0.34
ship     SALT 1 from SHELF                -> cost 0.33
balance  SALT at SHELF                    -> 0, value 0
