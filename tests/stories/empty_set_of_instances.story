# A count that finds no instance, where none was expected, is on file and holds.
product  PHONE instances
location SHOP
location STORE
instance PHONE/SN1
instance PHONE/SN2
count    PHONE [] at SHOP on 2024-01-10 as EMPTY          -> moves nothing, counted 0 instead of 0
receive  PHONE [SN1] at 100.00 into SHOP on 2024-01-05
balance  PHONE at SHOP as of 2024-01-06                   -> 1
balance  PHONE at SHOP                                    -> 0
# A transfer into the place, and out of one where nobody counted.
receive  PHONE [SN2] at 100.00 into STORE on 2024-01-02
transfer PHONE [SN2] from STORE to SHOP on 2024-01-08
balance  PHONE at STORE                                   -> 0
balance  PHONE at SHOP as of 2024-01-09                   -> 2
balance  PHONE at SHOP                                    -> 0
# The next count is made up for where the first one is undone.
count    PHONE [SN2] at SHOP on 2024-01-20                -> counted 1 instead of 0
reverse  EMPTY
balance  PHONE at SHOP as of 2024-01-15                   -> 2
balance  PHONE lot SN1 at SHOP                            -> 0
balance  PHONE at SHOP                                    -> 1
