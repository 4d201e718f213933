# At standard cost a pool is worth quantity times standard; what is received at another cost leaves a variance.
product  BOLT standard, cost 2.00
location SHELF
receive  BOLT 10 at 2.50 into SHELF as RECEIPT -> cost 25.00
settle
balance  BOLT at SHELF                     -> 10, value 20.00
ship     BOLT 4 from SHELF                 -> cost 8.00
balance  BOLT at SHELF                     -> 6, value 12.00
ship     BOLT 9 from SHELF                 -> cost 18.00
balance  BOLT at SHELF                     -> -3, value -6.00
receive  BOLT 3 at 9.99 into SHELF
land     7.00 on RECEIPT by quantity
settle
balance  BOLT at SHELF                     -> 0, value 0
revalue  BOLT 1.00 at SHELF                -> refused standardCost
