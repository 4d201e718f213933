# Quantities are exact to the millionth, and what is too large is named.
product  SUGAR
product  GOLD
location COLD
receive  SUGAR 0.1 at 1.00 into COLD
receive  SUGAR 0.2 at 1.00 into COLD
balance  SUGAR at COLD                     -> 0.3, value 0.3
ship     SUGAR 0.3 from COLD               -> cost 0.3
balance  SUGAR at COLD                     -> 0, value 0
receive  SUGAR 0.000001 at 1.00 into COLD  -> cost 0
balance  SUGAR at COLD                     -> 0.000001
receive  GOLD 999999999999.999999 at 0 into COLD
balance  GOLD at COLD                      -> 999999999999.999999
receive  GOLD 999999999999 at 1000 into COLD    -> rejected amountTooLarge, naming GOLD
book     -> rejected quantityTooLarge, naming GOLD, naming COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
  receive GOLD 999999999999 at 0 into COLD
balance  GOLD at COLD                      -> 999999999999.999999, value 0
