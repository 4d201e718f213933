# A transfer inside one org unit goes through transit and leaves the value where it was.
product  MILK
location COLD
location SHOP
receive  MILK 10 at 2.00 into COLD
transfer MILK 4 from COLD to SHOP          -> cost 8.00, goes to transit, moves 2 times
balance  MILK at COLD                      -> 6
balance  MILK at SHOP                      -> 4
balance  MILK at transit                   -> 0, value 0
balance  MILK in Main                      -> 10, value 20.00
