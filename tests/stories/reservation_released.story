# What is given up is free for others, and saying so twice changes nothing.
product  LAMP
location SHOP
receive  LAMP 5 at 5.00 into SHOP
reserve  LAMP 5 at SHOP as ORDER
confirm  ORDER
ship     LAMP 2 from SHOP of ORDER
reserve  LAMP 1 at SHOP as OTHER           -> refused insufficientStock, naming short by 1
release  ORDER
release  ORDER
reservation ORDER                          -> released, open 0
confirm  ORDER                             -> refused reservationNotOpen, naming released
ship     LAMP 1 from SHOP of ORDER         -> rejected reservationNotOpen, naming released
reserve  LAMP 3 at SHOP as OTHER
reservation OTHER                          -> held, open 3
ship     LAMP 3 from SHOP of OTHER
balance  LAMP at SHOP                      -> 0, value 0
