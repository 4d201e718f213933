# A receipt without a cost takes the one of the lot, the variant, the product, or the product's default.
product  TEA default cost 1.00
product  MILK cost 2.00, default cost 1.00
product  SHIRT variants, cost 3.00
product  CHEESE lots, cost 5.00
product  SALT
variant  SHIRT/RED cost 4.00
variant  SHIRT/BLUE
lot      CHEESE/BEST cost 6.00
location SHOP
receive  TEA 1 into SHOP               -> cost 1.00
receive  MILK 1 into SHOP              -> cost 2.00
receive  SHIRT/RED 1 into SHOP         -> cost 4.00
receive  SHIRT/BLUE 1 into SHOP        -> cost 3.00
receive  CHEESE 1 into SHOP lot BEST   -> cost 6.00
receive  CHEESE 1 into SHOP lot OTHER  -> cost 5.00
receive  SALT 1 into SHOP              -> cost 0
receive  MILK 1 at 0 into SHOP         -> cost 0
