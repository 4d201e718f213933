# Each variant has a stock and an average of its own.
product  SHIRT variants
product  TEA
variant  SHIRT/RED
variant  SHIRT/BLUE cost 7.00
location SHOP
receive  SHIRT 1 at 5.00 into SHOP         -> invalid variantRequired
receive  TEA/RED 1 into SHOP               -> invalid variantNotAllowed
receive  SHIRT/GREEN 1 into SHOP           -> invalid unknownVariant
receive  SHIRT/RED 10 at 5.00 into SHOP
receive  SHIRT/BLUE 10 into SHOP           -> cost 70.00
ship     SHIRT/RED 4 from SHOP             -> cost 20.00
balance  SHIRT/RED at SHOP                 -> 6, value 30.00
balance  SHIRT/BLUE at SHOP                -> 10, value 70.00
balance  SHIRT at SHOP                     -> 16, value 100.00
