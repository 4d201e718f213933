# 3.5 cm of what is kept in metres come and go without leaving anything behind.
unit     m
unit     cm
product  WIRE unit m
convert  100 cm = 1 m
location SHELF
receive  WIRE 1 at 2.00 into SHELF
use      WIRE 3.5 cm from SHELF as USED
balance  WIRE at SHELF                     -> 0.965, value 1.93
reverse  USED
settle
balance  WIRE at SHELF                     -> 1, value 2.00
use      WIRE 100 cm from SHELF
balance  WIRE at SHELF                     -> 0, value 0
