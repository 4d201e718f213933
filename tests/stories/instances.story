# An instance is in one place at most, and leaves only where it is, at every date.
product  PHONE instances
product  TEA
location SHOP
location STORE
instance PHONE/SN1
instance PHONE/SN2
instance PHONE/SN3
receive  PHONE [SN1 SN2] at 100.00 into SHOP on 2024-01-05     -> lots SN1 1 SN2 1, cost 200.00
receive  PHONE [SN1] at 100.00 into STORE on 2024-01-06        -> rejected instanceElsewhere, naming SN1, naming SHOP and STORE
receive  PHONE [SN1] at 100.00 into SHOP on 2024-01-06         -> rejected instanceElsewhere
ship     PHONE [SN1] from STORE on 2024-01-06                  -> rejected instanceNotHere, naming STORE
ship     PHONE [SN3] from SHOP on 2024-01-06                   -> rejected instanceNotHere
ship     PHONE [SN1] from SHOP on 2024-01-04                   -> rejected instanceNotHere, naming 2024-01-04
ship     PHONE [SN1] from SHOP on 2024-01-10                   -> cost 100.00
ship     PHONE [SN1] from SHOP on 2024-01-07                   -> rejected instanceNotHere, naming 2024-01-10
# Whatever the order of lines: from the 8th to the 10th it would be in both.
book                                                           -> rejected instanceElsewhere, naming 2024-01-08
  ship    PHONE [SN2] from SHOP on 2024-01-10
  receive PHONE [SN2] at 90.00 into STORE on 2024-01-08
receive  PHONE [SN1] at 90.00 into STORE on 2024-01-12
transfer PHONE [SN1] from STORE to SHOP on 2024-01-13
balance  PHONE at SHOP                                         -> 2
balance  PHONE lot SN1 at SHOP                                 -> 1
balance  PHONE lot SN1 at SHOP as of 2024-01-11                -> 0
receive  PHONE 1 into SHOP                                     -> invalid instancesRequired
receive  PHONE [SN3 SN3] into SHOP                             -> invalid instanceRepeated
receive  PHONE [SN9] into SHOP                                 -> invalid unknownInstance
receive  TEA [SN3] into SHOP                                   -> invalid instancesNotAllowed
