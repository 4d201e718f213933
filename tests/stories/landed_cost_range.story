# A cost that would take a value out of its range is refused, and what is there goes on being settled.
product  GOLD
location VAULT
receive  GOLD 900000000000 at 10.00 into VAULT on 2024-01-01 as RECEIPT
land     900000000000.00 on RECEIPT by value  -> refused amountTooLarge
land     -900000000000.00 on RECEIPT by value
settle
ship     GOLD 1 from VAULT on 2024-01-02   -> cost 9.00
receive  GOLD 1 at 900000000000.00 into VAULT on 2024-01-03 as LAST
land     900000000000.00 on LAST by quantity  -> refused amountTooLarge
land     100000000000.00 on LAST by quantity
settle
ship     GOLD 1 from VAULT on 2024-01-04   -> cost 10.1111
