# A reversal takes effect when the original did; in a closed period, on the first open day; or when it says.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD on 2024-01-05 as FIRST
receive  MILK 5 at 2.00 into COLD on 2024-01-06 as SECOND
receive  MILK 1 at 2.00 into COLD on 2024-01-07 as THIRD
reverse  FIRST
balance  MILK at COLD as of 2024-01-05     -> 0
balance  MILK at COLD as of 2024-01-06     -> 5
close until 2024-01-31
reverse  SECOND
balance  MILK at COLD as of 2024-01-31T23:59   -> 6
balance  MILK at COLD as of 2024-02-01     -> 1
reverse  THIRD on 2024-01-10               -> refused periodClosed
reverse  THIRD on 2024-02-10
balance  MILK at COLD as of 2024-02-09     -> 1
balance  MILK at COLD as of 2024-02-10     -> 0, value 0
