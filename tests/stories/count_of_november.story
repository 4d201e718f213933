# A count says what stood there: papers of July that come in after it leave the figure of November as it is.
unit     l
product  OIL unit l
location TANK
count    OIL 1.0 at TANK at 2.00 on 2024-11-05     -> counted 1 instead of 0, cost 2.00
receive  OIL 56 at 2.00 into TANK on 2024-07-10 as LATE
settle
balance  OIL at TANK as of 2024-07-31              -> 56, value 112.00
balance  OIL at TANK as of 2024-11-30              -> 1, value 2.00
balance  OIL at TANK                               -> 1, value 2.00
reverse  LATE
settle
balance  OIL at TANK as of 2024-07-31              -> 0, value 0
balance  OIL at TANK as of 2024-11-30              -> 1, value 2.00
