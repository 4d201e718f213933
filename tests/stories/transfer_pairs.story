# Lines of one voucher pair: what comes out takes the amounts that the same voucher put in, first.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
location BAR in SOUTH
receive  MILK 1 at 9.00 into COLD on 2024-01-05
transfer MILK 1 from COLD on 2024-01-06
receive  MILK 3 at 1.00 into COLD on 2024-01-07
# One unit at 9.00 is under way; this voucher moves its own three at 1.00.
book
  transfer MILK 3 from COLD on 2024-01-08  -> cost 3.00
  transfer MILK 2 to SHOP on 2024-01-08    -> cost 2.00
  transfer MILK 1 to BAR on 2024-01-08     -> cost 1.00
balance  MILK at transit                   -> 1, value 9.00
