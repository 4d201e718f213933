# What was sent and not taken out stays under way, and what was taken out without being sent is missing there.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 10 at 2.00 into COLD
transfer MILK 6 from COLD                  -> cost 12.00, goes to transit
balance  MILK at COLD                      -> 4, value 8.00
balance  MILK at transit                   -> 6, value 12.00
transfer MILK 5 to SHOP                    -> cost 10.00, comes from transit
balance  MILK at transit                   -> 1, value 2.00
balance  MILK at SHOP                      -> 5, value 10.00
transfer MILK 2 to SHOP                    -> cost 4.00
balance  MILK at transit                   -> -1, value -2.00
