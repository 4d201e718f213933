# A reservation at a house covers all that stands in it: goods may be moved about inside, and not out of it.
product  LAMP
org unit NORTH
org unit SOUTH
location SHOP in NORTH
location BACK in NORTH
location STORE in SOUTH
receive  LAMP 4 at 5.00 into SHOP
receive  LAMP 3 at 5.00 into BACK
reserve  LAMP 6 in NORTH as ORDER
reserve  LAMP 2 at SHOP                    -> refused insufficientStock, naming 1 can be reserved
transfer LAMP 3 from BACK to SHOP
transfer LAMP 2 from SHOP to STORE         -> rejected insufficientStock, naming 6 are reserved for others, naming short by 1
transfer LAMP 1 from SHOP to STORE
ship     LAMP 1 from STORE of ORDER        -> rejected reservationMismatch, naming NORTH, naming STORE
transfer LAMP 2 from SHOP to BACK
ship     LAMP 4 from SHOP of ORDER
ship     LAMP 2 from BACK of ORDER
reservation ORDER                          -> consumed, open 0
balance  LAMP in NORTH                     -> 0, value 0
balance  LAMP at STORE                     -> 1, value 5.00
