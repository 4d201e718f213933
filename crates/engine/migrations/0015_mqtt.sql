-- MQTT: who talks to a tenant's broker, what was taken from it, and what it was told.

-- client: the name under which the broker keeps the session. broker: which broker it is at, without the
-- password. filters: a JSON list of what is subscribed. One server at a time talks, the one that holds the
-- lease. taken counts messages. Inventory was published below prefix up to published; null = never.
create table mqtt_session (
  tenant bigint not null,
  client text not null,
  broker text not null,
  filters text not null,
  leased_by text not null,
  leased_until bigint not null,
  taken bigint not null,
  prefix text not null,
  published bigint,
  primary key (tenant)
);

-- The last message that was taken under each packet number, so that one that the broker sends again, since
-- it did not hear that it was taken, is known. ordinal: its place among all that were taken.
create table mqtt_taken (
  tenant bigint not null,
  packet bigint not null,
  digest text not null,
  ordinal bigint not null,
  primary key (tenant, packet)
);

-- Locations whose inventory somebody asked to be published; 0 = all.
create table mqtt_asked (
  tenant bigint not null,
  location bigint not null,
  primary key (tenant, location)
);

-- When an operation's status, run or fault changed last.
alter table operation add column status_at bigint not null default 0;
create index operation_by_status_at on operation (tenant, status_at);
