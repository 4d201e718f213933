# What was taken off a receipt takes no more off than it costs, also where what it was sent from becomes cheaper later.
product  MILK
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  MILK 10 at 5.00 into COLD as RECEIPT
transfer MILK 10 from COLD to SHOP as SENT -> cost 50.00
land     -40.00 on SENT line 2 by value as CREDIT
settle
balance  MILK at SHOP                      -> 10, value 10.00
land     -30.00 on RECEIPT by value as REBATE
settle
balance  MILK at SHOP                      -> 10, value 0
ship     MILK 4 from SHOP                  -> cost 0
reverse  REBATE
settle
balance  MILK at SHOP                      -> 6, value 6.00
