# What a voucher takes out before it puts it in arrived there, and there it costs what covers what was sent.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 10 at 1.00 into COLD on 2024-01-05
transfer MILK 5 from COLD on 2024-01-06
book
  transfer MILK 2 to SHOP on 2024-01-07    -> cost 2.00
  transfer MILK 7 from COLD on 2024-01-08  -> cost 7.00
settle
receive  MILK 10 at 3.00 into COLD on 2024-01-09
settle
balance  MILK at COLD                      -> 8, value 24.00
balance  MILK at SHOP                      -> 2, value 6.00
balance  MILK at transit                   -> 10, value 10.00
