# Beyond stock the last average holds, also after the stock has run empty.
product  TEA cost 9.00
location SHELF
receive  TEA 2 at 3.00 into SHELF
ship     TEA 5 from SHELF              -> cost 15.00
balance  TEA at SHELF                  -> -3, value -9.00
ship     TEA 1 from SHELF              -> cost 3.00
# A receipt that does not cover the shortage changes nothing in that, before it is settled and after.
receive  TEA 1 at 4.00 into SHELF
ship     TEA 1 from SHELF              -> cost 3.00
settle
ship     TEA 1 from SHELF              -> cost 3.00

# Of what never was in stock, what was received last tells more than the fall-back cost.
product  SALT cost 9.00
ship     SALT 3 from SHELF             -> cost 27.00
receive  SALT 1 at 4.00 into SHELF
ship     SALT 1 from SHELF             -> cost 4.00
settle
ship     SALT 1 from SHELF             -> cost 4.00
receive  SALT 1 at 5.00 into SHELF
ship     SALT 1 from SHELF             -> cost 5.00
