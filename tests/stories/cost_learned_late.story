# A late bill changes what the goods are worth, and not what they were thought to be worth before.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD on 2024-01-05 as GOODS
ship     MILK 4 from COLD on 2024-01-20 as SALE
settle
land     5.00 on GOODS by quantity as FREIGHT
settle
receive  MILK 1 at 2.50 into COLD on 2024-02-01 as NEXT
settle
balance  MILK at COLD                                   -> 7, value 17.50
balance  MILK at COLD known at SALE                     -> 6, value 12.00
balance  MILK at COLD known at NEXT                     -> 7, value 17.50
balance  MILK at COLD as of 2024-01-10                  -> 10, value 25.00
balance  MILK at COLD as of 2024-01-10 known at SALE    -> 10, value 20.00
reverse  FREIGHT as FREE
settle
receive  MILK 1 at 2.50 into COLD on 2024-02-02 as LAST
settle
balance  MILK at COLD as of 2024-01-31                  -> 6, value 12.00
balance  MILK at COLD as of 2024-01-31 known at NEXT    -> 6, value 15.00
balance  MILK at COLD as of 2024-01-31 known at LAST    -> 6, value 12.00
