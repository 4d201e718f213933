-- Words on value alone, and how products are valued over time ---------------------------------------

-- What a pool is worth from a time on (kind 1: amount is the value), or what a movement brought cost more
-- (kind 2: amount is the share, with its sign; by_value tells how it was shared out). A batch of kind 6 is
-- one revaluation or one landed cost; its header says who, when and why. Append-only.
create table value_fact (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  kind bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  pool bigint not null,
  org_unit bigint not null,
  effective_at bigint not null,
  movement_batch bigint not null,
  movement_line bigint not null,
  by_value bigint not null,
  quantity bigint not null,
  amount bigint not null,
  primary key (tenant, batch, line)
);
create index value_fact_by_pool on value_fact (tenant, pool, effective_at);
create index value_fact_by_movement on value_fact (tenant, movement_batch, movement_line) where movement_batch > 0;
create index value_fact_by_kind on value_fact (tenant, kind, batch, line);

-- Value facts that hold no longer, and the batch that undid them. Append-only.
create table value_undone (
  tenant bigint not null,
  fact_batch bigint not null,
  fact_line bigint not null,
  batch bigint not null,
  primary key (tenant, fact_batch, fact_line)
);
create index value_undone_by_batch on value_undone (tenant, batch);

-- How a product is valued from a time on. variant 0 = all without a word of their own; method as in
-- product.costing; null = as before. The first word on a product is what held from the beginning.
-- since is the position of the ledger at which it was said. Append-only.
create table costing (
  tenant bigint not null,
  id bigint not null,
  product bigint not null,
  variant bigint not null,
  effective_at bigint not null,
  method bigint,
  standard_cost bigint,
  since bigint not null,
  decided_at bigint not null,
  person bigint not null,
  reason text,
  primary key (tenant, id)
);
create index costing_by_product on costing (tenant, product, id);

-- Which line of a batch takes over the cost of which (what is made costs what was used), with the pools of
-- both and their time. Append-only.
create table cost_link (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  source_line bigint not null,
  pool bigint not null,
  source_pool bigint not null,
  effective_at bigint not null,
  primary key (tenant, batch, line, source_line)
);
create index cost_link_by_pool on cost_link (tenant, pool, effective_at);
create index cost_link_by_source on cost_link (tenant, source_pool, effective_at);

-- By how much a source line costs more by the definition than what was booked with it, as the pools of what
-- was made of it were told. Derived.
create table carried (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  delta bigint not null,
  primary key (tenant, batch, line)
);

-- What of a value entry belongs to days that were closed when it was written. Append-only.
create table adjustment (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  day bigint not null,
  pool bigint not null,
  amount bigint not null,
  primary key (tenant, batch, line, day)
);
create index adjustment_by_pool on adjustment (tenant, pool, batch, line);

-- Who has seen and approved such an entry. Append-only.
create table adjustment_approval (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  at bigint not null,
  person bigint not null,
  note text,
  primary key (tenant, batch, line)
);
