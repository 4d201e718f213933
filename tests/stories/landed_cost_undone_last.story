# What landed on a receipt is undone after what was taken off since, so that no receipt is left with less than nothing.
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD as RECEIPT
land     5.00 on RECEIPT by value as FREIGHT
land     -12.00 on RECEIPT by value as REBATE
settle
balance  MILK at COLD                      -> 10, value 3.00
reverse  FREIGHT                           -> refused belowZero
reverse  REBATE
reverse  FREIGHT
settle
ship     MILK 10 from COLD                 -> cost 10.00
balance  MILK at COLD                      -> 0, value 0
