# What was returned may be sold and returned again; nothing is lost on the way.
product  PHONE instances
instance PHONE/SN1
location SHOP
customer ANNA
receive  PHONE [SN1] at 300.00 into SHOP
ship     PHONE [SN1] from SHOP to ANNA for invoice 1     -> cost 300.00
receive  PHONE [SN1] into SHOP from ANNA against invoice 1 -> cost 300.00
ship     PHONE [SN1] from SHOP to ANNA for invoice 2     -> cost 300.00
receive  PHONE [SN1] into SHOP from ANNA against invoice 2 -> cost 300.00
balance  PHONE at SHOP                     -> 1, value 300.00
