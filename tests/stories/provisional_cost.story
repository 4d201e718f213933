# Beyond stock the last average holds, also after the stock has run empty.
product  TEA cost 9.00
location SHELF
receive  TEA 2 at 3.00 into SHELF
ship     TEA 5 from SHELF              -> cost 15.00
balance  TEA at SHELF                  -> -3, value -9.00
ship     TEA 1 from SHELF              -> cost 3.00
# A receipt that does not cover the shortage is the newest word on what a unit costs.
receive  TEA 1 at 4.00 into SHELF
ship     TEA 1 from SHELF              -> cost 4.00
