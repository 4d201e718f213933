-- Webhooks: who is told of batches by the server itself, and how far each was told.

-- kinds: a JSON list of batch kinds, empty = every kind. person: with whose eyes it reads. Every batch up
-- to position was delivered or given up; attempts counts the failures of the one after it, which is not
-- tried before due_at. One server at a time delivers, the one that holds the lease.
create table webhook (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  url text not null,
  kinds text not null,
  description text,
  secret text not null,
  old_secret text,
  old_secret_until bigint,
  is_enabled bigint not null,
  stopped_because text,
  person bigint not null,
  position bigint not null,
  attempts bigint not null,
  due_at bigint not null,
  leased_by text not null,
  leased_until bigint not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  primary key (tenant, id)
);
create unique index webhook_by_uid on webhook (tenant, uid);

-- What became of each batch. state: 1 waiting, 2 delivered, 3 dead. status: what the receiver answered,
-- 0 = nothing.
create table webhook_delivery (
  tenant bigint not null,
  webhook bigint not null,
  position bigint not null,
  batch text not null,
  kind bigint not null,
  state bigint not null,
  attempts bigint not null,
  due_at bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  status bigint not null,
  failure text,
  primary key (tenant, webhook, position)
);
create index webhook_delivery_waiting on webhook_delivery (tenant, webhook, due_at) where state = 1;
create index webhook_delivery_dead on webhook_delivery (tenant, webhook, position) where state = 3;
create index webhook_delivery_old on webhook_delivery (tenant, last_at) where state = 2;
