# What is wrong with an entry by itself is said before anything is booked.
product  MILK
org unit NORTH
location COLD
location SHOP in NORTH
receive  BREAD 1 into COLD                 -> invalid unknownProduct
receive  MILK 1 into SHOP by Main
ship     MILK 1 from COLD by NORTH         -> invalid locationNotInOrgUnit, naming COLD, naming NORTH
receive  MILK 1 into transit               -> invalid unknownLocation
receive  MILK 1 at -1 into COLD            -> invalid negativePrice
receive  MILK 1 into COLD by COLD          -> invalid unknownOrgUnit
receive  MILK 1 into COLD on 1899-12-31    -> invalid dateOutOfRange
