# Single lines can be undone, each once; then the rest.
product  MILK
product  TEA
location COLD
book as DELIVERY
  receive MILK 10 at 2.00 into COLD
  receive TEA 3 at 1.00 into COLD
  receive MILK 5 at 2.00 into COLD
reverse  DELIVERY line 2
balance  TEA at COLD                       -> 0, value 0
balance  MILK at COLD                      -> 15
reverse  DELIVERY line 2                   -> refused alreadyReversed
reverse  DELIVERY                          -> refused alreadyReversed
reverse  DELIVERY line 1 line 3
balance  MILK at COLD                      -> 0, value 0
