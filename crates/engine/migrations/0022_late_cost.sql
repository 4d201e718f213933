-- What was made of something that had gone beyond stock costs so much more (amount, with its sign) from the time on
-- at which a movement (cover) covered that, of so much of what was made (quantity). line takes over the cost of
-- source_line, at made_at; pool and source_pool are theirs. Derived.
create table late_cost (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  source_line bigint not null,
  cover_batch bigint not null,
  cover_line bigint not null,
  pool bigint not null,
  source_pool bigint not null,
  made_at bigint not null,
  effective_at bigint not null,
  quantity bigint not null,
  amount bigint not null,
  primary key (tenant, batch, line, source_line, cover_batch, cover_line)
);
create index late_cost_by_pool on late_cost (tenant, pool, effective_at);
create index late_cost_by_source on late_cost (tenant, source_pool, made_at);

-- What pools that were ever short are worth is found anew: what goes beyond stock costs what a unit last cost by
-- another rule, and what was made of it is told when it is covered. So is what is kept of that with empty pools.
update account set unsettled_from = instants_from where kind = 2 and postings > 0 and (low < 0 or quantity = 0);
