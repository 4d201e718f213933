-- What stands in an account at a time is added up from these alone, without a look at the movements.
drop index movement_into_account;
drop index movement_out_of_account;
drop index movement_into_pool;
drop index movement_out_of_pool;
create index movement_into_account on movement (tenant, to_account, effective_at, quantity) where to_account > 0;
create index movement_out_of_account on movement (tenant, from_account, effective_at, quantity) where from_account > 0;
create index movement_into_pool on movement (tenant, to_pool, effective_at, quantity, amount) where to_pool > 0;
create index movement_out_of_pool on movement (tenant, from_pool, effective_at, quantity, amount) where from_pool > 0;
