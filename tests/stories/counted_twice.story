# One booking says once what stood somewhere at a time: of two figures for the same nobody knows which holds.
product  MILK lots
product  TEA
product  PHONE instances
instance PHONE/SN1
instance PHONE/SN2
location COLD
location SHOP
book     -> rejected countedTwice, naming TEA at COLD is counted twice, naming 5 on voucher, naming and 7 on voucher
  count TEA 5 at COLD on 2024-01-05
  count TEA 7 at COLD on 2024-01-05
book     -> rejected countedTwice, naming lot A
  count MILK 5 at COLD lot A on 2024-01-05
  count MILK 5 at COLD lot A on 2024-01-05
book     -> rejected countedTwice, naming PHONE
  count PHONE [SN1] at COLD on 2024-01-05
  count PHONE [SN2] at COLD on 2024-01-05
balance  TEA at COLD -> 0
# Another time, place or lot is another count.
book
  count TEA 5 at COLD on 2024-01-05
  count TEA 7 at COLD on 2024-01-06
  count TEA 7 at SHOP on 2024-01-06
  count MILK 5 at COLD lot A on 2024-01-05
  count MILK 6 at COLD lot B on 2024-01-05
balance  TEA at COLD -> 7
balance  MILK at COLD -> 11
# Said anew later, the later holds.
count    TEA 9 at COLD on 2024-01-06
balance  TEA at COLD -> 9
