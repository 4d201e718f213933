# Every line that may not be booked is named at once, whatever is wrong with the others.
setting  negativeStock "forbid"
product  MILK lots
product  TEA
product  SALT
location COLD
location SHOP
lot      MILK/C CLOSED
receive  MILK 5 at 1.00 into COLD lot A
receive  TEA 5 at 1.00 into COLD
book     -> rejected lotNotInStock, rejected insufficientStock, rejected insufficientStock, rejected unknownLot, naming short by 2, naming free lots hold 5, naming short by 4, nothing else
  ship    MILK 9 from COLD
  ship    TEA 7 from COLD
  receive SALT 1 at 1.00 into COLD
  ship    MILK 9 from COLD lot A
  ship    MILK 1 from COLD lot Z
# What a line with a fault would bring may be just what another is short of: that one is not blamed.
book     -> rejected lotNotAvailable, rejected insufficientStock, naming TEA, nothing else
  receive MILK 9 at 1.00 into COLD lot C
  ship    MILK 7 from COLD lot A
  ship    TEA 8 from COLD
transfer MILK 9 from COLD to SHOP -> rejected lotNotInStock, naming wanted at COLD, nothing else
balance  TEA at COLD -> 5
