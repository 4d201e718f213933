# A new standard cost holds from its time on and revalues what is there; what is dated before goes by the old one.
product  BOLT standard, cost 2.00
location SHELF
receive  BOLT 10 at 2.00 into SHELF on 2024-01-10
costing  BOLT standard 3.00 on 2024-02-01
ship     BOLT 4 from SHELF on 2024-02-10   -> cost 12.00
settle
balance  BOLT at SHELF as of 2024-01-31    -> 10, value 20.00
balance  BOLT at SHELF as of 2024-02-01    -> 10, value 30.00
balance  BOLT at SHELF                     -> 6, value 18.00
ship     BOLT 2 from SHELF on 2024-01-20   -> cost 4.00
settle
balance  BOLT at SHELF as of 2024-01-31    -> 8, value 16.00
balance  BOLT at SHELF                     -> 4, value 12.00
