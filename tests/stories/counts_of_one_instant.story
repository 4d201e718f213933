# Of several counts of one instant each can be undone, and the others stay true.
product  TEA cost 1.00
location COLD
receive  TEA 1 into COLD on 2024-03-01 as GONE
count    TEA 1 at COLD on 2024-03-10                  -> counted 1 instead of 1, moves nothing
# The delivery never came; what was counted on the 10th was there all the same.
reverse  GONE
balance  TEA at COLD as of 2024-03-01                 -> 0
balance  TEA at COLD                                  -> 1
# Somebody else counted on both days.
book as  BOTH
  count  TEA 1 at COLD on 2024-03-10
  count  TEA 1 at COLD on 2024-03-01
balance  TEA at COLD as of 2024-03-01                 -> 1
balance  TEA at COLD                                  -> 1
# It was another shelf: as if it had never been counted, and the first count holds.
reverse  BOTH
balance  TEA at COLD as of 2024-03-01                 -> 0
balance  TEA at COLD                                  -> 1
receive  TEA 3 into COLD on 2024-03-05
balance  TEA at COLD                                  -> 1
# What was made up for at the last count of an instant is made up for at the one before it, where the last is undone.
product  SALT cost 1.00
count    SALT 2 at COLD on 2024-04-10 as FIRST
count    SALT 2 at COLD on 2024-04-10 as SECOND         -> moves nothing
receive  SALT 5 into COLD on 2024-04-05
balance  SALT at COLD                                    -> 2
reverse  SECOND
balance  SALT at COLD as of 2024-04-09                   -> 5
balance  SALT at COLD                                    -> 2
reverse  FIRST
balance  SALT at COLD                                    -> 5
# So it is the other way round: who counts anew means what stands there now, whatever was said before.
product  RICE cost 1.00
count    RICE 1 at COLD on 2024-05-10 as WRONG           -> counted 1 instead of 0
count    RICE 0 at COLD on 2024-05-10                    -> counted 0 instead of 1
reverse  WRONG
balance  RICE at COLD                                    -> 0
# A delivery that was known when somebody counted, at the same instant: undone, what was counted is there all the same.
product  FLOUR cost 1.00
receive  FLOUR 5 into COLD on 2024-05-10 as TYPED
count    FLOUR 4 at COLD on 2024-05-10                   -> counted 4 instead of 5
receive  FLOUR 3 into COLD on 2024-05-10 as AFTER
balance  FLOUR at COLD                                   -> 7
reverse  TYPED
balance  FLOUR at COLD                                   -> 7
# What came after the count was not counted.
reverse  AFTER
balance  FLOUR at COLD                                   -> 4
# Between the two counts of one instant stands what was learned between them.
product  OATS cost 1.00
count    OATS 2 at COLD on 2024-05-10 as MORNING
receive  OATS 6 into COLD on 2024-05-10 as BETWEEN
count    OATS 8 at COLD on 2024-05-10 as EVENING         -> counted 8 instead of 8, moves nothing
reverse  BETWEEN
balance  OATS at COLD                                    -> 8
reverse  EVENING
balance  OATS at COLD                                    -> 2
reverse  MORNING
balance  OATS at COLD                                    -> 0
