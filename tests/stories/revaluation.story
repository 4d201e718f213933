# Stock is worth what is said, 0 included, from the time on of which it is said; what is issued then costs that.
product  MILK
location COLD
receive  MILK 5 at 5.00 into COLD
receive  MILK 5 at 10.00 into COLD
revalue  MILK 0 at COLD as ZERO
settle
balance  MILK at COLD                      -> 10, value 0
ship     MILK 4 from COLD                  -> cost 0
balance  MILK at COLD                      -> 6, value 0
reverse  ZERO
settle
balance  MILK at COLD                      -> 6, value 45.00
revalue  MILK 12.00 at COLD
settle
ship     MILK 3 from COLD                  -> cost 6.00
balance  MILK at COLD                      -> 3, value 6.00
ship     MILK 3 from COLD
revalue  MILK 1.00 at COLD                 -> refused nothingInStock
