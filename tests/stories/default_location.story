# Where the default location is forced, it takes everything that is booked for its org unit.
product  MILK
org unit NORTH
location COLD in NORTH, default
location SHOP in NORTH
receive  MILK 1 at 1.00 into SHOP          -> goes to SHOP
setting  forceDefaultLocation true for NORTH
receive  MILK 2 at 1.00 into SHOP          -> goes to COLD
setting  forceDefaultLocation false for NORTH
receive  MILK 4 at 1.00 into SHOP          -> goes to SHOP
balance  MILK at COLD                      -> 2
balance  MILK at SHOP                      -> 5
