# A count of the past that would leave less than was taken later is refused, with the first date that would break.
setting  negativeStock "forbid"
product  MILK
location COLD
receive  MILK 10 at 1.00 into COLD on 2024-01-01
ship     MILK 8 from COLD on 2024-02-01
count    MILK 5 at COLD on 2024-01-15      -> rejected insufficientStock, naming 2024-02-01
count    MILK 9 at COLD on 2024-01-15
balance  MILK at COLD                      -> 1, value 1.00
