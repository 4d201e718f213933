# Who wants any lot and who wants a certain one are served together, as far as the lots go.
product  MILK lots
location COLD
receive  MILK 3 at 1.00 into COLD lot A
receive  MILK 3 at 1.00 into COLD lot B
reserve  MILK 2 at COLD lot A as PICKY
reserve  MILK 5 at COLD                    -> refused insufficientStock, naming 4 can be reserved
reserve  MILK 4 at COLD as ANY
reserve  MILK 1 at COLD lot B              -> refused insufficientStock, naming 0 can be reserved
ship     MILK 1 from COLD lot A            -> rejected insufficientStock
# Of whichever lot is taken for the one, what the other wants is left.
ship     MILK 2 from COLD lot A of ANY     -> rejected insufficientStock, naming short by 1
ship     MILK 1 from COLD lot A of ANY
ship     MILK 3 from COLD lot B of ANY
ship     MILK 1 from COLD lot B of PICKY   -> rejected reservationMismatch, naming lot A, naming lot B
ship     MILK 2 from COLD lot A of PICKY
reservation ANY                            -> consumed, open 0
reservation PICKY                          -> consumed, open 0
balance  MILK at COLD                      -> 0, value 0
