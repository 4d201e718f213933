# What was counted stays true, whatever is learned later of the time before.
product  MILK cost 1.00
location COLD
location SHOP
receive  MILK 10 at 2.00 into COLD on 2024-01-01
count    MILK 8 at COLD on 2024-01-10 as FIRST    -> counted 8 instead of 10
ship     MILK 3 from COLD on 2024-01-20
count    MILK 4 at COLD on 2024-01-25 as SECOND   -> counted 4 instead of 5
# A delivery of the 5th turns up: on the 10th there were 8 all the same.
receive  MILK 4 at 2.00 into COLD on 2024-01-05 as LATE
balance  MILK at COLD as of 2024-01-06            -> 14
balance  MILK at COLD as of 2024-01-10            -> 8
balance  MILK at COLD                             -> 4
# So it is with what left, and with what went elsewhere: there, nobody counted.
ship     MILK 1 from COLD on 2024-01-06
transfer MILK 2 from COLD to SHOP on 2024-01-07
balance  MILK at COLD as of 2024-01-08            -> 11
balance  MILK at COLD as of 2024-01-10            -> 8
balance  MILK at SHOP                             -> 2
# What is learned of the time between the counts is made up for at the second.
receive  MILK 1 at 2.00 into COLD on 2024-01-12
balance  MILK at COLD as of 2024-01-12            -> 9
balance  MILK at COLD                             -> 4
# At the very instant of a count, what is learned later comes after it.
receive  MILK 5 at 2.00 into COLD on 2024-01-25
balance  MILK at COLD                             -> 9
# Undoing the late delivery undoes what made up for it.
reverse  LATE
balance  MILK at COLD as of 2024-01-08            -> 7
balance  MILK at COLD as of 2024-01-10            -> 8
balance  MILK at COLD                             -> 9
# A count that is undone holds nothing any more; the next one still does.
reverse  FIRST
balance  MILK at COLD as of 2024-01-10            -> 7
balance  MILK at COLD                             -> 9
reverse  SECOND
balance  MILK at COLD                             -> 10
# What is counted at an earlier time is a statement as well, and the later one stays true beside it.
count    MILK 20 at COLD on 2024-02-10            -> counted 20 instead of 10
count    MILK 15 at COLD on 2024-02-01            -> counted 15 instead of 10
balance  MILK at COLD as of 2024-02-01            -> 15
balance  MILK at COLD                             -> 20
