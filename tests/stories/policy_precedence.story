# The nearest word on negative stock wins: location, then org unit, then tenant.
setting  negativeStock "forbid"
product  MILK
org unit NORTH
org unit CITY under NORTH
location COLD
location LOOSE allow
location FRIDGE in NORTH
location STRICT in NORTH, forbid
location SHELF in STRICT
location KIOSK in CITY
setting  negativeStock "allow" for NORTH
ship     MILK 1 from COLD              -> rejected insufficientStock
ship     MILK 1 from LOOSE
ship     MILK 1 from FRIDGE
ship     MILK 1 from STRICT            -> rejected insufficientStock
# A shelf inherits from what it stands in, an org unit from the one above it.
ship     MILK 1 from SHELF             -> rejected insufficientStock
ship     MILK 1 from KIOSK
setting  negativeStock "forbid" for CITY
ship     MILK 1 from KIOSK             -> rejected insufficientStock
setting  negativeStock "warn" for CITY
ship     MILK 1 from KIOSK             -> warns insufficientStock, naming KIOSK
balance  MILK at KIOSK                 -> -2
# What is under way is never refused.
transfer MILK 1 to LOOSE
balance  MILK at transit               -> -1
