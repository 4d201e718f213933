# What lines of one voucher take of a reservation is added up, and so is what they take beside it.
product  LAMP
location SHOP
receive  LAMP 10 at 5.00 into SHOP
reserve  LAMP 6 at SHOP as ORDER
book     -> rejected insufficientStock, naming 6 are reserved for others, naming short by 1
  ship LAMP 2 from SHOP
  ship LAMP 3 from SHOP
book     -> rejected insufficientStock, naming 2 are reserved for others, naming short by 1
  ship LAMP 4 from SHOP of ORDER
  ship LAMP 5 from SHOP
reservation ORDER                          -> held, open 6
book
  ship LAMP 4 from SHOP of ORDER
  ship LAMP 4 from SHOP of ORDER
  ship LAMP 2 from SHOP
reservation ORDER                          -> consumed, open 0
balance  LAMP at SHOP                      -> 0, value 0
