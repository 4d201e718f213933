-- Operations: what a run is made by again and again, started and stopped by people, scripts or machine
-- tags; and the tags.

-- The columns from status on are its state, and no part of its version. current_run is the open run; the
-- counter's readings are exact decimals; the memories are the last usable values of its triggers, as in tag.
create table operation (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  operation_type text not null,
  trigger_source text not null,
  start_expression text,
  start_type text not null,
  stop_expression text,
  stop_type text not null,
  source bigint not null,
  destination bigint not null,
  material_source text not null,
  material bigint not null,
  material_expression text,
  secondary_material bigint not null,
  primary_lot_strategy text not null,
  secondary_lot_strategy text not null,
  primary_lot_expression text,
  secondary_lot_expression text,
  makes_lots bigint not null,
  inventory_name_strategy text not null,
  inventory_name text,
  inventory_name_expression text,
  quantity_source text not null,
  quantity_expression text,
  quantity_calculation text not null,
  quantity_overflow bigint,
  unit bigint not null,
  unit_strategy text not null,
  reason bigint not null,
  counts_order bigint not null,
  notes text,
  is_enabled bigint not null,
  spare1 text,
  spare2 text,
  spare3 text,
  status text not null default 'IDLE',
  current_run bigint not null default 0,
  fault text,
  counter_first text,
  counter_last text,
  counter_risen text,
  start_memory text,
  stop_memory text,
  primary key (tenant, id)
);
create unique index operation_by_key on operation (tenant, natural_key);
create unique index operation_by_uid on operation (tenant, uid);
create index operation_by_name on operation (tenant, name);
create index operation_by_source on operation (tenant, source) where source <> 0;
create index operation_by_destination on operation (tenant, destination) where destination <> 0;

-- What machines say: the last value of each tag. kind: 0 null, 1 true or false, 2 number, 3 text, 4 time
-- (microseconds). quality: 0 good, 1 uncertain, 2 bad.
create table tag (
  tenant bigint not null,
  path text not null,
  kind bigint not null,
  value text not null,
  quality bigint not null,
  at bigint not null,
  primary key (tenant, path)
);
