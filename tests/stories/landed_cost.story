# A landed cost is shared out over what was received, the last takes the rest, and what was issued is corrected.
product  MILK
location COLD
receive  MILK 1000 at 0.10 into COLD as RECEIPT
land     456.70 on RECEIPT by quantity as FREIGHT
settle
balance  MILK at COLD                      -> 1000, value 556.70
ship     MILK 999 from COLD                -> cost 556.1433
balance  MILK at COLD                      -> 1, value 0.5567
ship     MILK 1 from COLD                  -> cost 0.5567
balance  MILK at COLD                      -> 0, value 0
reverse  FREIGHT as BACK
settle
balance  MILK at COLD as of 2024-01-01T00:01 -> 1000, value 100.00
balance  MILK at COLD                      -> 0, value 0
reverse  FREIGHT                           -> refused alreadyReversed
