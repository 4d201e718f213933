# A count of what is there moves nothing and is kept on file; what is not there is written off to the millionth.
unit     kg
product  CHEESE unit kg
location COLD
receive  CHEESE 27.565 at 8.00 into COLD
count    CHEESE 27.565 at COLD             -> counted 27.565 instead of 27.565, moves nothing
count    CHEESE 0 at COLD                  -> counted 0 instead of 27.565, cost 220.52
balance  CHEESE at COLD                    -> 0, value 0
count    CHEESE 0 at COLD                  -> counted 0 instead of 0, moves nothing
count    CHEESE -1 at COLD                 -> invalid countNegative
