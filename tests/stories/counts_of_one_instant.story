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
