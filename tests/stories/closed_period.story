# Nothing enters a closed period; its last day is closed to the end.
product  MILK
org unit NORTH
location COLD
location FRIDGE in NORTH
receive  MILK 10 at 1.00 into COLD on 2024-01-15
close until 2024-01-31
receive  MILK 1 at 1.00 into COLD on 2024-01-31T23:59    -> invalid periodClosed, naming 2024-02-01
receive  MILK 1 at 1.00 into FRIDGE on 2024-01-20        -> invalid periodClosed
receive  MILK 1 at 1.00 into COLD on 2024-02-01
# The nearest word counts for an org unit.
close until 2024-02-29 for NORTH
receive  MILK 1 at 1.00 into FRIDGE on 2024-02-10        -> invalid periodClosed
receive  MILK 1 at 1.00 into COLD on 2024-02-10
balance  MILK in Main                                    -> 12
