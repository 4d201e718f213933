# A hold that nobody confirms is over when its time is over; one that was confirmed stays.
product  LAMP
location SHOP
receive  LAMP 5 at 5.00 into SHOP
reserve  LAMP 2 at SHOP briefly as SURE
confirm  SURE
reserve  LAMP 3 at SHOP briefly as CART
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
time passes
reservation CART                           -> expired, open 0
reservation SURE                           -> confirmed, open 2
confirm  CART                              -> refused reservationNotOpen, naming expired
ship     LAMP 1 from SHOP of CART          -> rejected reservationNotOpen, naming expired
# To give up what is over changes nothing.
release  CART
reservation CART                           -> expired, open 0
reserve  LAMP 4 at SHOP                    -> refused insufficientStock, naming 3 can be reserved
reserve  LAMP 3 at SHOP as LATER
ship     LAMP 2 from SHOP of SURE
reservation SURE                           -> consumed, open 0
