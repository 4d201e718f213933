# Of a voucher that serves two orders, one line can be undone: its order alone gets back what it had.
product  LAMP
location SHOP
receive  LAMP 9 at 5.00 into SHOP
reserve  LAMP 5 at SHOP as ANNAS
reserve  LAMP 4 at SHOP as BENS
# A hold without an end that was used up and comes back is firm.
book as BOTH
  ship LAMP 5 from SHOP of ANNAS           -> cost 25.00
  ship LAMP 3 from SHOP of BENS            -> cost 15.00
reservation ANNAS                          -> consumed, open 0
reservation BENS                           -> held, open 1
reverse  BOTH line 1
reservation ANNAS                          -> confirmed, open 5
reservation BENS                           -> held, open 1
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 6 are reserved for others
reverse  BOTH line 2
reservation BENS                           -> held, open 4
balance  LAMP at SHOP                      -> 9, value 45.00
