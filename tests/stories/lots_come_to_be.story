# A receipt without a lot makes one, named after its voucher; with a name, it takes or makes that lot.
product  MILK lots
location COLD
receive  MILK 10 at 1.00 into COLD         -> lot named after the voucher
receive  MILK 5 at 1.00 into COLD lot JUNE -> lots JUNE 5
status   MILK/JUNE                         -> AVAILABLE
receive  MILK 5 at 1.00 into COLD lot june -> lots JUNE 5
balance  MILK lot JUNE at COLD             -> 10
balance  MILK at COLD                      -> 20, value 20.00
book
  receive MILK 1 at 1.00 into COLD lot NEW
  receive MILK 2 at 1.00 into COLD lot NEW
balance  MILK lot NEW at COLD              -> 3
