# A count of instances names all that were found: the others are gone, and a new face is welcome.
product  PHONE instances
location SHOP
location STORE
instance PHONE/SN1
instance PHONE/SN2
instance PHONE/SN3
receive  PHONE [SN1 SN2] at 100.00 into SHOP
count    PHONE [SN1 SN2] at SHOP       -> moves nothing, counted 1 instead of 1
count    PHONE [SN2 SN3] at SHOP       -> lots SN1 1 SN3 1, counted 0 instead of 1, counted 1 instead of 0
balance  PHONE lot SN1 at SHOP         -> 0
balance  PHONE lot SN3 at SHOP         -> 1
receive  PHONE [SN1] at 100.00 into STORE
count    PHONE [SN1 SN2 SN3] at SHOP   -> rejected instanceElsewhere, naming STORE
count    PHONE [] at SHOP              -> moves 2 times
balance  PHONE at SHOP                 -> 0
balance  PHONE at STORE                -> 1
