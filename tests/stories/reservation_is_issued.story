# A hold is confirmed, the goods are issued for it, and nothing is open any more.
product  LAMP
location SHOP
receive  LAMP 5 at 5.00 into SHOP
reserve  LAMP 5 at SHOP until 2099-12-31 as ORDER
reservation ORDER                          -> held, open 5
confirm  ORDER
confirm  ORDER
reservation ORDER                          -> confirmed, open 5
ship     LAMP 5 from SHOP of ORDER         -> cost 25.00
reservation ORDER                          -> consumed, open 0
balance  LAMP at SHOP                      -> 0, value 0
# It is over: it is neither confirmed nor given up, and there is nothing to take of it.
confirm  ORDER                             -> refused reservationNotOpen, naming consumed
release  ORDER                             -> refused reservationNotOpen, naming consumed
receive  LAMP 1 at 5.00 into SHOP
ship     LAMP 1 from SHOP of ORDER         -> rejected reservationNotOpen, naming consumed
ship     LAMP 1 from SHOP
