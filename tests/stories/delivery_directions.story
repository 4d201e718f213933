# Who is named on a delivery tells where goods come from and go to.
product  MILK
location COLD
supplier FARM
customer ANNA
receive  MILK 9 at 1.00 into COLD                      -> comes from supplier
receive  MILK 1 at 1.00 into COLD from FARM            -> comes from supplier
receive  MILK 1 at 1.00 into COLD from ANNA            -> comes from customer
receive  MILK 1 at 1.00 into COLD from FARM and ANNA   -> comes from supplier
receive  MILK 1 at 1.00 into COLD against invoice 7    -> comes from customer
receive  MILK 1 at 1.00 into COLD from FARM against invoice 7   -> comes from supplier
ship     MILK 1 from COLD                              -> goes to customer
ship     MILK 1 from COLD to ANNA                      -> goes to customer
ship     MILK 1 from COLD to FARM                      -> goes to supplier
ship     MILK 1 from COLD to ANNA and FARM             -> goes to customer
ship     MILK 1 from COLD against invoice 7            -> goes to customer
balance  MILK at COLD                                  -> 9
