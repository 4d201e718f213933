# A transfer dated back covers what was sold beyond stock, and takes its cost along.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 10 at 1.50 into COLD on 2024-01-01
ship     MILK 4 from SHOP on 2024-01-20
balance  MILK at SHOP                      -> -4
transfer MILK 6 from COLD to SHOP on 2024-01-10
settle
balance  MILK at SHOP                      -> 2, value 3.00
balance  MILK at COLD                      -> 4, value 6.00
