# A count of instances is of all that stood there: whatever is learned later, the others were somewhere else.
product  PHONE instances
location SHOP
location STORE
instance PHONE/SN1
instance PHONE/SN2
instance PHONE/SN3
receive  PHONE [SN1] at 100.00 into SHOP on 2024-01-01
receive  PHONE [SN3] at 100.00 into SHOP on 2024-01-01
ship     PHONE [SN3] from SHOP on 2024-01-02 as SALE
count    PHONE [SN1] at SHOP on 2024-01-10 as FOUND       -> moves nothing, counted 1 instead of 1
# A delivery of the 5th turns up: on the 10th it was gone.
receive  PHONE [SN2] at 100.00 into SHOP on 2024-01-05 as LATE
balance  PHONE lot SN2 at SHOP as of 2024-01-06           -> 1
balance  PHONE lot SN2 at SHOP as of 2024-01-10           -> 0
balance  PHONE at SHOP                                    -> 1
# The sale of the 2nd never was: the instance was not there on the 10th all the same.
reverse  SALE
balance  PHONE lot SN3 at SHOP as of 2024-01-03           -> 1
balance  PHONE lot SN3 at SHOP as of 2024-01-10           -> 0
# What comes in afterwards is not the count's business.
receive  PHONE [SN3] at 100.00 into SHOP on 2024-01-12 as AGAIN
balance  PHONE at SHOP                                    -> 2
# Undoing the late delivery undoes what made up for it.
reverse  LATE
balance  PHONE lot SN2 at SHOP as of 2024-01-06           -> 0
receive  PHONE [SN2] at 100.00 into SHOP on 2024-01-07
balance  PHONE at SHOP as of 2024-01-08                   -> 3
balance  PHONE at SHOP as of 2024-01-10                   -> 1
# A count that is undone holds nothing any more: what was made up for its sake stands there again, if it may.
reverse  FOUND                                            -> refused instanceElsewhere, naming 2024-01-12
reverse  AGAIN
reverse  FOUND
balance  PHONE at SHOP                                    -> 3
