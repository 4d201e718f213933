# What is issued of a reservation is taken off it, and the rest stays promised.
product  LAMP
location SHOP
location BACK
receive  LAMP 10 at 5.00 into SHOP
reserve  LAMP 6 at SHOP as ORDER
confirm  ORDER
ship     LAMP 2 from SHOP of ORDER
reservation ORDER                          -> confirmed, open 4
ship     LAMP 5 from SHOP                  -> rejected insufficientStock, naming 4 are reserved for others, naming short by 1
ship     LAMP 4 from SHOP
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
# Who takes more than is open takes the rest of what is free, and here nothing is.
receive  LAMP 1 at 5.00 into SHOP
reserve  LAMP 1 at SHOP as OTHER
ship     LAMP 5 from SHOP of ORDER         -> rejected insufficientStock, naming short by 1
release  OTHER
ship     LAMP 5 from SHOP of ORDER
reservation ORDER                          -> consumed, open 0
balance  LAMP at SHOP                      -> 0, value 0
