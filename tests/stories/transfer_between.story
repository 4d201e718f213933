# A transfer between org units takes its cost along.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 3 at 1.00 into COLD
receive  MILK 3 at 1.01 into COLD
receive  MILK 5 at 9.00 into SHOP
transfer MILK 2 from COLD to SHOP          -> cost 2.01
balance  MILK at COLD                      -> 4, value 4.02
balance  MILK at transit                   -> 0, value 0
balance  MILK at SHOP                      -> 7, value 47.01
