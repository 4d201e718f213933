# What was bought and sold out again, and is undone, tells no longer what a unit costs that is given beyond stock.
product  MILK default cost 1.00
location COLD
receive  MILK 2 at 3.00 into COLD on 2024-01-05 as BOUGHT
ship     MILK 2 from COLD on 2024-01-06    as SOLD
ship     MILK 1 from COLD on 2024-01-10    -> cost 3.00
settle
receive  MILK 5 at 4.00 into COLD on 2024-01-20
settle
balance  MILK at COLD as of 2024-01-11     -> -1, value -3.00
reverse  SOLD
reverse  BOUGHT
settle
balance  MILK at COLD as of 2024-01-11     -> -1, value -1.00
balance  MILK at COLD                      -> 4, value 16.00
