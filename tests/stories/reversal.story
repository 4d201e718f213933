# A booking is undone by linked counter-movements, once, and leaves everything as it was before.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD
ship     MILK 4 from COLD as SALE          -> cost 8.00
reverse  SALE as UNDO                      -> cost 8.00, comes from customer, goes to COLD
balance  MILK at COLD                      -> 10, value 20.00
reverse  SALE                              -> refused alreadyReversed
reverse  UNDO                              -> refused isReversal
count    MILK 7 at COLD as COUNT           -> counted 7 instead of 10
reverse  COUNT
balance  MILK at COLD                      -> 10, value 20.00
transfer MILK 3 from COLD as AWAY
reverse  AWAY
balance  MILK at transit                   -> 0, value 0
balance  MILK at COLD                      -> 10, value 20.00
