# A lot that is named is the one that moves; one that nobody knows is refused.
product  MILK lots
product  TEA
location COLD
book
  receive MILK 5 at 1.00 into COLD lot A
  receive MILK 5 at 1.00 into COLD lot B
ship     MILK 2 from COLD lot B            -> lots B 2
ship     MILK 1 from COLD lot Z            -> rejected unknownLot, naming Z
receive  TEA 1 into COLD lot A             -> invalid lotNotAllowed
count    MILK 3 at COLD                    -> invalid required
count    MILK 4 at COLD lot A              -> counted 4 instead of 5, lots A 1
balance  MILK lot A at COLD                -> 4
setting  negativeStock "forbid"
ship     MILK 4 from COLD lot B            -> rejected insufficientStock, naming lot B
