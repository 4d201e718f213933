# An error in the last line books nothing, and every line that is wrong is named.
setting  negativeStock "forbid"
product  MILK lots
product  TEA
location COLD
book     -> rejected unknownLot, naming Z
  receive TEA 5 at 1.00 into COLD
  receive MILK 5 at 1.00 into COLD lot A
  ship    MILK 1 from COLD lot Z
balance  TEA at COLD                       -> 0, value 0
balance  MILK at COLD                      -> 0, value 0
book     -> rejected insufficientStock, naming short by 1
  receive TEA 5 at 1.00 into COLD
  ship    TEA 6 from COLD
balance  TEA at COLD                       -> 0, value 0
book     -> invalid countZero
  receive TEA 5 at 1.00 into COLD
  receive TEA 0 at 1.00 into COLD
# In one booking a line sees what those before it left.
book
  receive TEA 5 at 1.00 into COLD
  ship    TEA 5 from COLD                  -> cost 5.00
  receive MILK 5 at 2.00 into COLD lot A
  ship    MILK 2 from COLD                 -> lots A 2, cost 4.00
balance  TEA at COLD                       -> 0, value 0
balance  MILK at COLD                      -> 3, value 6.00
