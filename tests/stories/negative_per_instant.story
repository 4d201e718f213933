# Stock is judged after all movements of an instant, not line by line inside it.
setting  negativeStock "forbid"
product  MILK
location COLD
book
  ship    MILK 5 from COLD on 2024-01-05T10:00
  receive MILK 5 at 1.00 into COLD on 2024-01-05T10:00
balance  MILK at COLD                          -> 0
book                                           -> rejected insufficientStock, naming 2024-01-05T10:01
  ship    MILK 5 from COLD on 2024-01-05T10:01
  receive MILK 5 at 1.00 into COLD on 2024-01-05T10:02
balance  MILK at COLD                          -> 0
book
  ship    MILK 5 from COLD on 2024-01-05T10:04
  receive MILK 5 at 1.00 into COLD on 2024-01-05T10:03
balance  MILK at COLD                          -> 0, value 0
