# A revaluation says what is there at a time, and stays true when papers from before come in.
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD on 2024-01-01
revalue  MILK 5.00 at COLD on 2024-02-01
ship     MILK 5 from COLD on 2024-03-01    -> cost 5.00
settle
balance  MILK at COLD                      -> 5, value 2.50
receive  MILK 10 at 1.00 into COLD on 2024-01-15
settle
balance  MILK at COLD as of 2024-01-31     -> 20, value 20.00
balance  MILK at COLD as of 2024-02-02     -> 20, value 5.00
balance  MILK at COLD                      -> 15, value 3.75
