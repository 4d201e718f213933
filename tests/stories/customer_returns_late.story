# What comes back without a cost costs what was sold, also when that is known later; without its document, the average.
product  MILK
product  CREAM
org unit NORTH
org unit SOUTH
location COLD in NORTH
location SHOP in SOUTH
customer ANNA

# Sold with no stock, covered later, then one comes back elsewhere.
ship     MILK 2 from COLD to ANNA for invoice 7               -> cost 0
receive  MILK 20 at 3.30 into COLD
receive  MILK 1 into SHOP from ANNA against invoice 7         -> cost 0
settle
balance  MILK at COLD                                         -> 18, value 59.40
balance  MILK at SHOP                                         -> 1, value 3.30

# An earlier receipt becomes known: what was sold then, and came back since, cost something else.
receive  CREAM 10 at 2.00 into COLD     on 2024-02-01
ship     CREAM 4 from COLD to ANNA for invoice 8   on 2024-02-02  -> cost 8.00
receive  CREAM 1 into COLD from ANNA against invoice 8   on 2024-02-03  -> cost 2.00
receive  CREAM 1 into COLD from ANNA    on 2024-02-04         -> cost 2.00
settle
balance  CREAM at COLD                                        -> 8, value 16.00
receive  CREAM 10 at 4.00 into COLD     on 2024-01-31
settle
balance  CREAM at COLD                                        -> 18, value 54.00
