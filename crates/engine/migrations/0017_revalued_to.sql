-- Pools: the latest time at which a revaluation said what they are worth, undone ones included; null = none did.
-- What is booked before it waits to be settled, though nothing may be posted at or after it.
alter table account add column revalued_to bigint;
update account set revalued_to = (select max(f.effective_at) from value_fact f
  where f.tenant = account.tenant and f.pool = account.id and f.kind = 1) where kind = 2;
