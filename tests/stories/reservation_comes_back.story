# An issue that is undone gives back what it took of a reservation; what was given up meanwhile stays given up.
product  LAMP
location SHOP
receive  LAMP 6 at 5.00 into SHOP as GOODS
reserve  LAMP 6 at SHOP as ORDER
confirm  ORDER
ship     LAMP 2 from SHOP of ORDER as PART
ship     LAMP 4 from SHOP of ORDER as REST
reservation ORDER                          -> consumed, open 0
reverse  REST
reservation ORDER                          -> confirmed, open 4
ship     LAMP 1 from SHOP                  -> rejected insufficientStock, naming 4 are reserved for others
reverse  PART
reservation ORDER                          -> confirmed, open 6
reserve  LAMP 1 at SHOP                    -> refused insufficientStock, naming 0 can be reserved
# The receipt can not be undone beneath a promise.
reverse  GOODS                             -> refused insufficientStock, naming LAMP, naming 6 are reserved, naming short by 6
ship     LAMP 3 from SHOP of ORDER as AGAIN
release  ORDER
reservation ORDER                          -> released, open 0
reverse  AGAIN
reservation ORDER                          -> released, open 0
ship     LAMP 6 from SHOP as ALL
reverse  ALL
reverse  GOODS
balance  LAMP at SHOP                      -> 0, value 0
