# An instance that has left since can not be undone out of the place that it came to.
product  PHONE instances
location SHOP
location STORE
instance PHONE/SN1
receive  PHONE [SN1] at 100.00 into SHOP on 2024-01-05 as DELIVERY
ship     PHONE [SN1] from SHOP on 2024-01-06 as SALE
reverse  DELIVERY                          -> refused instanceNotHere, naming SHOP on 2024-01-06
receive  PHONE [SN1] at 100.00 into STORE on 2024-01-08
# Undoing the sale would have it in the shop and in the store from the 8th on.
reverse  SALE                              -> refused instanceElsewhere, naming 2024-01-08
balance  PHONE at SHOP                     -> 0
balance  PHONE at STORE                    -> 1
