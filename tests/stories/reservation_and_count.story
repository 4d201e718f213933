# A count says what is there, also where it is less than was promised: who comes next finds less.
product  LAMP
location SHOP
receive  LAMP 10 at 5.00 into SHOP
reserve  LAMP 6 at SHOP as FIRST
reserve  LAMP 4 at SHOP as SECOND
count    LAMP 7 at SHOP as COUNT           -> counted 7 instead of 10, cost 15.00
reservation FIRST                          -> held, open 6
reservation SECOND                         -> held, open 4
# Three are missing, and no issue may make that more.
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 10 are reserved for others, naming short by 1
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
ship     LAMP 6 from SHOP of FIRST
ship     LAMP 1 from SHOP of SECOND
reservation FIRST                          -> consumed, open 0
reservation SECOND                         -> held, open 3
# What comes in next is for the one who waits.
receive  LAMP 3 at 5.00 into SHOP
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 3 are reserved for others
ship     LAMP 3 from SHOP of SECOND
balance  LAMP at SHOP                      -> 0, value 0
