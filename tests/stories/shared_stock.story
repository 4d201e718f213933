# An org unit may use another's stock: its goods lie there and are valued there.
product  MILK
org unit DEPOT
org unit SHOP uses stock of DEPOT
location COLD in DEPOT
location TILL in SHOP
receive  MILK 10 at 2.00 into COLD
ship     MILK 1 from COLD by SHOP          -> cost 2.00
balance  MILK at COLD                      -> 9, value 18.00
ship     MILK 1 from TILL by SHOP          -> invalid locationNotInOrgUnit, naming DEPOT
ship     MILK 1 from TILL by Main
balance  MILK at TILL                      -> -1, value 16.00
