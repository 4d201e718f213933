# In another unit, too, what is reserved, issued and given up comes to nothing in the end.
unit     m
unit     cm
product  CLOTH unit m
convert  100 cm = 1 m
location SHOP
receive  CLOTH 10 cm at 3.00 into SHOP
reserve  CLOTH 3.5 cm at SHOP as COAT
reservation COAT                           -> held, open 0.035
ship     CLOTH 1.2 cm from SHOP of COAT
reservation COAT                           -> held, open 0.023
reserve  CLOTH 6.6 cm at SHOP              -> refused insufficientStock, naming 0.065 can be reserved, naming short by 0.001
ship     CLOTH 2.3 cm from SHOP of COAT
reservation COAT                           -> consumed, open 0
reserve  CLOTH 6.5 cm at SHOP as SCARF
release  SCARF
reserve  CLOTH 6.5 cm at SHOP as HAT
ship     CLOTH 6.5 cm from SHOP of HAT
balance  CLOTH at SHOP                     -> 0, value 0
