# A standard cost at which what is there could not be told is refused, and so is what would come in at it.
product  BOLT
location SHELF
receive  BOLT 90000000000 at 1.00 into SHELF
costing  BOLT standard 1000.00             -> refused amountTooLarge
costing  BOLT standard 10.00
settle
balance  BOLT at SHELF                     -> 90000000000, value 900000000000
receive  BOLT 900000000000 at 0.01 into SHELF -> rejected amountTooLarge, naming BOLT
receive  BOLT 1000000000 at 0.01 into SHELF
settle
balance  BOLT at SHELF                     -> 91000000000, value 910000000000
