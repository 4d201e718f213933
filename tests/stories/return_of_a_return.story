# What was returned may be sold and returned again, and so may a return that was undone; nothing is lost on the way.
product  PHONE instances
instance PHONE/SN1
location SHOP
customer ANNA
receive  PHONE [SN1] at 300.00 into SHOP
ship     PHONE [SN1] from SHOP to ANNA for invoice 1     -> cost 300.00
receive  PHONE [SN1] into SHOP from ANNA against invoice 1 -> cost 300.00
ship     PHONE [SN1] from SHOP to ANNA for invoice 2     -> cost 300.00
receive  PHONE [SN1] into SHOP from ANNA against invoice 2 as BACK -> cost 300.00
balance  PHONE at SHOP                     -> 1, value 300.00
# It never came back after all: it is with her again, and what she brings later comes back a third time.
reverse  BACK as KEPT
balance  PHONE at SHOP                     -> 0, value 0
reverse  KEPT                              -> refused isReversal
receive  PHONE [SN1] into SHOP from ANNA against invoice 2 -> cost 300.00
balance  PHONE at SHOP                     -> 1, value 300.00
