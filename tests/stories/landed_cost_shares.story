# By quantity or by value: each movement gets its share, single lines can be named, and line by line it is undone.
product  MILK
product  EGGS
product  SALT
location COLD
book as RECEIPT
  receive MILK 1 at 10.00 into COLD
  receive EGGS 1 at 20.00 into COLD
  receive SALT 1 at 0.00 into COLD
land     10.00 on RECEIPT by quantity as EVENLY
settle
balance  MILK at COLD                      -> 1, value 13.3333
balance  SALT at COLD                      -> 1, value 3.3334
land     4.00 on RECEIPT by value, line 1, line 2
settle
balance  MILK at COLD                      -> 1, value 14.7878
balance  EGGS at COLD                      -> 1, value 25.8788
reverse  EVENLY line 3
settle
balance  SALT at COLD                      -> 1, value 0
balance  MILK at COLD                      -> 1, value 14.7878
land     -0.01 on RECEIPT by value, line 3 -> refused belowZero
