# A receipt that is learned later changes what the later issues cost, once values are settled.
product  TEA
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
receive  TEA 10 at 1.00 into COLD on 2024-01-05
ship     TEA 5 from COLD on 2024-01-10                -> cost 5.00
transfer TEA 2 from COLD to SHOP on 2024-01-11        -> cost 2.00
receive  TEA 10 at 2.00 into COLD on 2024-01-06
settle
balance  TEA at COLD                                  -> 13, value 19.50
balance  TEA at SHOP                                  -> 2, value 3.00
# What falls into a closed period is put right on the first open day.
close until 2024-01-31
receive  TEA 4 at 9.00 into COLD on 2024-02-05
settle
balance  TEA at COLD                                  -> 17, value 55.50
