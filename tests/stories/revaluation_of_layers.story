# Under FIFO a revaluation is spread over the layers by what they are worth, by quantity if that is nothing.
product  MILK fifo
location COLD
receive  MILK 1 at 1.00 into COLD
receive  MILK 3 at 3.00 into COLD
revalue  MILK 5.00 at COLD
settle
ship     MILK 1 from COLD
settle
balance  MILK at COLD                      -> 3, value 4.50
revalue  MILK 0 at COLD
receive  MILK 1 at 0.00 into COLD
revalue  MILK 4.00 at COLD
ship     MILK 3 from COLD
settle
balance  MILK at COLD                      -> 1, value 1.00
