# An issue that names no lot takes the lots at the place, in the order that the place says.
product  MILK lots
lot      MILK/A expires 2024-06-30
lot      MILK/B expires 2024-05-31
lot      MILK/C
location COLD
location SHOP takes fefo
location BAR  takes lifo
book
  receive MILK 10 at 1.00 into COLD lot A
  receive MILK 10 at 1.00 into COLD lot B
  receive MILK 10 at 1.00 into COLD lot C
  receive MILK 10 at 1.00 into SHOP lot A
  receive MILK 10 at 1.00 into SHOP lot B
  receive MILK 10 at 1.00 into SHOP lot C
  receive MILK 10 at 1.00 into BAR lot A
  receive MILK 10 at 1.00 into BAR lot B
  receive MILK 10 at 1.00 into BAR lot C
ship     MILK 12 from COLD                 -> lots A 10 B 2
ship     MILK 12 from SHOP                 -> lots B 10 A 2
ship     MILK 12 from BAR                  -> lots C 10 B 2
ship     MILK 18 from COLD                 -> lots B 8 C 10
ship     MILK 1 from COLD                  -> rejected lotNotInStock, naming 0 from
ship     MILK 19 from SHOP                 -> rejected lotNotInStock, naming hold 18
# What somebody took at a later date is not free now.
receive  MILK 5 at 1.00 into COLD lot C on 2024-03-01
ship     MILK 4 from COLD lot C on 2024-03-10
ship     MILK 2 from COLD on 2024-03-05    -> rejected lotNotInStock, naming hold 1
ship     MILK 1 from COLD on 2024-03-05    -> lots C 1
