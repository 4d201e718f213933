# Two orders want the last pieces: the first has them, and the second is told how many are left.
product  LAMP
location SHOP
receive  LAMP 10 at 5.00 into SHOP
reserve  LAMP 6 at SHOP as FIRST
reserve  LAMP 5 at SHOP as SECOND          -> refused insufficientStock, naming LAMP, naming SHOP, naming 5 are wanted, naming 4 can be reserved, naming short by 1
reserve  LAMP 4 at SHOP as SECOND
reservation FIRST                          -> held, open 6
reservation SECOND                         -> held, open 4
# Promised is not gone: all ten stand there, and nobody else may take one.
balance  LAMP at SHOP                      -> 10, value 50.00
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 10 are reserved for others, naming short by 1
lose     LAMP 1 at SHOP                    -> rejected insufficientStock
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
# What comes in is free again.
receive  LAMP 2 at 5.00 into SHOP
ship     LAMP 3 from SHOP                  -> rejected insufficientStock, naming short by 1
ship     LAMP 2 from SHOP
balance  LAMP at SHOP                      -> 10
