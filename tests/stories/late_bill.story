# A late bill that makes cheaper corrects what was issued since, and no cost falls below nothing.
product  DRILL fifo
location SHELF
receive  DRILL 15 at 2000.00 into SHELF as RECEIPT
ship     DRILL 10 from SHELF               -> cost 20000.00
land     -29925.00 on RECEIPT by quantity
settle
balance  DRILL at SHELF                    -> 5, value 25.00
ship     DRILL 4 from SHELF
settle
balance  DRILL at SHELF                    -> 1, value 5.00
land     -75.01 on RECEIPT by quantity     -> refused belowZero
