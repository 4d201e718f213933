# What is counted, sold or used down to nothing is worth nothing, to the last unit.
unit     l
product  OIL unit l
product  CLOTH
location TANK
receive  OIL 27.565 at 1.4567 into TANK
count    OIL 0 at TANK                     -> counted 0 instead of 27.565
balance  OIL at TANK                       -> 0, value 0
receive  CLOTH 2 at 1.00 into TANK
receive  CLOTH 1 at 1.01 into TANK
ship     CLOTH 3 from TANK                 -> cost 3.01
balance  CLOTH at TANK                     -> 0, value 0
