# Unless the house says otherwise amounts are kept to four digits; halves go to the even neighbour.
product  TEA
location SHELF
receive  TEA 3 at 0.333333 into SHELF     -> cost 1
receive  TEA 1 at 0.00025 into SHELF      -> cost 0.0002
balance  TEA at SHELF                     -> 4, value 1.0002
