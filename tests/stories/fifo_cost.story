# FIFO takes the oldest cost first.
product  MILK fifo
location COLD
receive  MILK 10 at 2.00 into COLD
receive  MILK 10 at 3.00 into COLD
ship     MILK 15 from COLD
settle
balance  MILK at COLD                  -> 5, value 15.00
ship     MILK 5 from COLD
settle
balance  MILK at COLD                  -> 0, value 0
