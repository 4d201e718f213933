# Under specific cost each lot and each instance keeps its own.
product  CHEESE lots, specific
product  PHONE instances, specific
location SHOP
instance PHONE/SN1
instance PHONE/SN2 cost 70.00
receive  CHEESE 2 at 5.00 into SHOP lot A
receive  CHEESE 2 at 8.00 into SHOP lot B
ship     CHEESE 1 from SHOP lot B          -> cost 8.00
ship     CHEESE 3 from SHOP                -> cost 18.00, lots A 2 B 1
balance  CHEESE at SHOP                    -> 0, value 0
receive  PHONE [SN1] at 100.00 into SHOP
receive  PHONE [SN2] into SHOP             -> cost 70.00
ship     PHONE [SN1] from SHOP             -> cost 100.00
balance  PHONE at SHOP                     -> 1, value 70.00
balance  PHONE lot SN2 at SHOP             -> 1, value 70.00
