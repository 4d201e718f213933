# Of one lot, too, it is told what stood there as it was known then.
product  MILK lots
org unit NORTH
location COLD in NORTH
location SHOP in NORTH
receive  MILK 5 at 1.00 into COLD lot A on 2024-01-05 as FIRST
receive  MILK 5 at 1.00 into COLD lot B on 2024-01-06 as SECOND
transfer MILK 2 from COLD to SHOP lot A on 2024-01-07 as MOVED
ship     MILK 1 from COLD lot A on 2024-01-06 as LATE
balance  MILK lot A at COLD as of 2024-01-06 known at MOVED -> 5
balance  MILK lot A at COLD as of 2024-01-06            -> 4
balance  MILK lot A at COLD known at SECOND             -> 5
balance  MILK lot A at COLD known at MOVED              -> 3
balance  MILK lot A at COLD known at LATE               -> 2
balance  MILK lot A in NORTH known at SECOND            -> 5
balance  MILK lot B in NORTH known at FIRST             -> 0
balance  MILK in NORTH known at MOVED                   -> 10
balance  MILK in NORTH                                  -> 9
