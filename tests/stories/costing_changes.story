# Another method holds from its time on, whenever what it values is learned.
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD on 2024-01-01
receive  MILK 10 at 3.00 into COLD on 2024-01-02
ship     MILK 10 from COLD on 2024-01-10   -> cost 20.00
costing  MILK fifo on 2024-02-01
receive  MILK 10 at 5.00 into COLD on 2024-02-02
ship     MILK 10 from COLD on 2024-02-10
settle
balance  MILK at COLD                      -> 10, value 50.00
costing  MILK average on 2024-03-01
receive  MILK 10 at 7.00 into COLD on 2024-03-02
ship     MILK 10 from COLD on 2024-03-10
settle
balance  MILK at COLD                      -> 10, value 60.00
receive  MILK 10 at 4.00 into COLD on 2024-01-03  # before: 30 for 80, of which 10 cost 26.6667
settle
balance  MILK at COLD as of 2024-01-11     -> 20, value 53.3333
balance  MILK at COLD                      -> 20, value 97.7778
