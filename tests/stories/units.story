# A quantity entered in another unit is converted by an exact ratio and rounded once, to the millionth.
unit     box
unit     dozen
unit     third
product  EGG
product  PEN
convert  1 dozen = 12 pcs
convert  1 box = 30 pcs of EGG
convert  3 third = 1 pcs
location COLD
receive  EGG 2 box at 0.10 into COLD       -> cost 6.00
receive  EGG 1 dozen at 0.10 into COLD
balance  EGG at COLD                       -> 72
receive  PEN 1 third into COLD
balance  PEN at COLD                       -> 0.333333
receive  PEN 2 third into COLD
balance  PEN at COLD                       -> 1
receive  PEN 1 box into COLD               -> invalid noConversion
receive  EGG 0.000001 third into COLD      -> rejected quantityTooSmall
