# What is sent beyond stock to another org unit costs there what covers it, once that is known; no value is lost.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 1 at 1.00 into COLD
ship     MILK 1 from COLD
transfer MILK 10 from COLD to SHOP         # at the last rate: 10.00
ship     MILK 4 from SHOP                  -> cost 4.00
receive  MILK 10 at 1.50 into COLD
settle
balance  MILK at COLD                      -> 0, value 0
balance  MILK at SHOP                      -> 6, value 9.00
