# A late cost leaves a closed month as it was and stands on the first open day.
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD on 2024-01-10 as RECEIPT
ship     MILK 4 from COLD on 2024-01-20
close until 2024-01-31
land     5.00 on RECEIPT by value as FREIGHT
settle
balance  MILK at COLD as of 2024-01-31     -> 6, value 6.00
balance  MILK at COLD as of 2024-02-01T12:00 -> 6, value 9.00
close until 2024-02-29
reverse  FREIGHT
settle
balance  MILK at COLD as of 2024-02-15     -> 6, value 9.00
balance  MILK at COLD                      -> 6, value 6.00
