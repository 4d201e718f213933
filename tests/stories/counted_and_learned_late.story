# What was counted stays what stood there, and what was thought before the count is remembered, too.
product  MILK
location COLD
receive  MILK 5 at 1.00 into COLD on 2024-07-01 as FIRST
count    MILK 1 at COLD on 2024-11-15 as COUNT          -> counted 1 instead of 5
receive  MILK 56 at 1.00 into COLD on 2024-07-20 as FOUND
settle
balance  MILK at COLD as of 2024-07-31                  -> 61
balance  MILK at COLD as of 2024-07-31 known at COUNT   -> 5, value 5.00
balance  MILK at COLD as of 2024-11-15                  -> 1, value 1.00
balance  MILK at COLD as of 2024-11-15 known at FIRST   -> 5, value 5.00
balance  MILK at COLD as of 2024-11-15 known at COUNT   -> 1, value 1.00
balance  MILK at COLD as of 2024-11-15 known at FOUND   -> 1
reverse  COUNT as NEVER
settle
balance  MILK at COLD as of 2024-11-15                  -> 61, value 61.00
balance  MILK at COLD as of 2024-11-15 known at FOUND   -> 1
balance  MILK at COLD as of 2024-11-15 known at NEVER   -> 61
