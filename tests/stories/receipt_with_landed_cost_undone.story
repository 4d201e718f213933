# A receipt that carries a landed cost can be undone: both are gone, whatever happened in between.
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD
receive  MILK 10 at 2.00 into COLD as RECEIPT
land     5.00 on RECEIPT by value
ship     MILK 4 from COLD
settle
balance  MILK at COLD                      -> 16, value 28.00
reverse  RECEIPT
settle
balance  MILK at COLD                      -> 6, value 6.00
land     5.00 on RECEIPT by value          -> refused nothingReceived
