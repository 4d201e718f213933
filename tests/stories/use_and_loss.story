# Internal use and shrinkage take away what is positive, and give back what is negative.
product  MILK cost 3.00
location COLD
receive  MILK 10 at 2.00 into COLD
use      MILK 1 from COLD                  -> cost 2.00, goes to internalUse
use      MILK -1 at 2.00 from COLD         -> comes from internalUse
lose     MILK 2 from COLD                  -> cost 4.00, goes to loss
lose     MILK -1 from COLD                 -> cost 3.00, comes from loss
use      MILK 0 from COLD                  -> invalid countZero
balance  MILK at COLD                      -> 9
