# A backorder may exceed what is there: what comes in is for it.
product  LAMP
location SHOP
receive  LAMP 2 at 5.00 into SHOP
reserve  LAMP 5 at SHOP                    -> refused insufficientStock, naming 2 can be reserved
reserve  LAMP 5 at SHOP backorder as ORDER
reservation ORDER                          -> held, open 5
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 5 are reserved for others
receive  LAMP 2 at 5.00 into SHOP
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
receive  LAMP 3 at 5.00 into SHOP
reserve  LAMP 2 at SHOP as NEXT
ship     LAMP 5 from SHOP of ORDER
ship     LAMP 2 from SHOP of NEXT
balance  LAMP at SHOP                      -> 0, value 0
