# A reservation that can not be meant is not made, and what is not of it is not taken of it.
product  LAMP
product  MILK lots
product  PHONE instances
location SHOP
instance PHONE/SN1
receive  LAMP 5 at 5.00 into SHOP
reserve  LAMP 0 at SHOP                    -> invalid quantityNotPositive
reserve  LAMP -1 at SHOP                   -> invalid quantityNotPositive
reserve  LAMP 1 at SHOP until 2020-01-01   -> invalid holdOver, naming 2020-01-01
reserve  LAMP 1 at transit                 -> invalid unknownLocation
reserve  PHONE 0.5 at SHOP                 -> invalid countNotWhole
reserve  LAMP 2 at SHOP as ORDER
receive  MILK 1 at 1.00 into SHOP lot A
ship     MILK 1 from SHOP lot A of ORDER   -> rejected reservationMismatch, naming LAMP, naming MILK
receive  LAMP 1 at 5.00 into SHOP of ORDER -> rejected reservationMismatch, naming LAMP
count    LAMP 4 at SHOP of ORDER           -> rejected reservationMismatch
count    LAMP 5 at SHOP of ORDER           -> rejected reservationMismatch
reservation ORDER                          -> held, open 2
receive  PHONE [SN1] at 300 into SHOP
reserve  PHONE 1 at SHOP lot SN1 as CALL
ship     PHONE [SN1] from SHOP             -> rejected insufficientStock, naming PHONE, naming 1 are reserved for others
ship     PHONE [SN1] from SHOP of CALL
reservation CALL                           -> consumed, open 0
