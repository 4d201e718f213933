# What was known then is told as it was known then, whatever was learned or undone since.
product  MILK
location COLD
receive  MILK 10 at 2.00 into COLD on 2024-01-05 as FIRST
ship     MILK 4 from COLD on 2024-01-20 as SALE
receive  MILK 5 at 2.00 into COLD on 2024-01-10 as LATE
settle
balance  MILK at COLD as of 2024-01-09                  -> 10
balance  MILK at COLD as of 2024-01-15                  -> 15, value 30.00
balance  MILK at COLD as of 2024-01-15 known at SALE    -> 10, value 20.00
balance  MILK at COLD known at FIRST                    -> 10, value 20.00
balance  MILK at COLD known at SALE                     -> 6, value 12.00
balance  MILK at COLD known at LATE                     -> 11, value 22.00
# It was a mistake: as of then it never came, but then it was thought to have come.
reverse  LATE as MISTAKE
settle
balance  MILK at COLD as of 2024-01-15                  -> 10, value 20.00
balance  MILK at COLD as of 2024-01-15 known at MISTAKE -> 10, value 20.00
balance  MILK at COLD as of 2024-01-15 known at LATE    -> 15, value 30.00
balance  MILK at COLD as of 2024-01-15 known at SALE    -> 10, value 20.00
reverse  SALE on 2024-02-01 as BACK
balance  MILK at COLD as of 2024-01-25                  -> 6
balance  MILK at COLD as of 2024-02-01                  -> 10
balance  MILK at COLD as of 2024-02-01 known at MISTAKE -> 6
balance  MILK at COLD as of 2024-02-01 known at BACK    -> 10
