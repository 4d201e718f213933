# The status of a lot says what it is free for; a customer's return into a shipped lot puts it on hold.
product  MILK lots
lot      MILK/CLOSED1 CLOSED
lot      MILK/HELD QA_HOLD
lot      MILK/OLD EXPIRED
lot      MILK/GONE SHIPPED
lot      MILK/FRESH OPEN
location COLD
location SHOP
customer ANNA
receive  MILK 1 at 1.00 into COLD lot CLOSED1      -> rejected lotNotAvailable, naming CLOSED
receive  MILK 5 at 1.00 into COLD lot HELD
receive  MILK 5 at 1.00 into COLD lot OLD
receive  MILK 5 at 1.00 into COLD lot FRESH
ship     MILK 1 from COLD lot HELD                 -> rejected lotNotAvailable, naming QA_HOLD
ship     MILK 1 from COLD lot OLD                  -> rejected lotNotAvailable, naming EXPIRED
lose     MILK 1 from COLD lot OLD
transfer MILK 1 from COLD to SHOP lot HELD
ship     MILK 1 from COLD lot FRESH
# Without a name only free lots are taken.
ship     MILK 5 from COLD                          -> rejected lotNotInStock, naming hold 4
ship     MILK 4 from COLD                          -> lots FRESH 4
setting  mes.strictOpenLots true
receive  MILK 5 at 1.00 into COLD lot FRESH
ship     MILK 1 from COLD lot FRESH                -> rejected lotNotAvailable, naming OPEN
use      MILK 1 from COLD lot FRESH
receive  MILK 2 into COLD lot GONE from ANNA       -> comes from customer
status   MILK/GONE                                 -> QA_HOLD
balance  MILK lot GONE at COLD                     -> 2
