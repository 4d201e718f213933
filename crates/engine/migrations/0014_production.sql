-- Production: processes with what each did from start to stop, and the orders it was done for.

-- The columns from status on are its state, and no part of its version. current_record is the open
-- record, current_order the order it works on; 0 = none. The memories are as in operation.
create table process (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  location bigint not null,
  trigger_source text not null,
  start_expression text,
  start_type text not null,
  stop_expression text,
  stop_type text not null,
  conflict_strategy text not null,
  order_strategy text not null,
  order_update text not null,
  order_expression text,
  start_sets_order bigint not null,
  start_order_status text not null,
  stop_sets_order bigint not null,
  stop_order_status text not null,
  joins_schedule bigint not null,
  duration_strategy text not null,
  duration_seconds bigint not null,
  duration_expression text,
  notes text,
  is_enabled bigint not null,
  spare1 text,
  spare2 text,
  spare3 text,
  status text not null default 'IDLE',
  current_record bigint not null default 0,
  current_order bigint not null default 0,
  fault text,
  start_memory text,
  stop_memory text,
  primary key (tenant, id)
);
create unique index process_by_key on process (tenant, natural_key);
create unique index process_by_uid on process (tenant, uid);
create index process_by_location on process (tenant, location);

-- A process from start to stop. status as in run.
create table process_record (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  process bigint not null,
  name text not null,
  location bigint not null,
  production_order bigint not null,
  status bigint not null,
  started_at bigint not null,
  ended_at bigint,
  created_at bigint not null,
  created_by bigint not null,
  modified_at bigint not null,
  modified_by bigint not null,
  primary key (tenant, id)
);
create unique index process_record_by_uid on process_record (tenant, uid);
create index process_record_by_process on process_record (tenant, process, id);
create index process_record_by_order on process_record (tenant, production_order, id) where production_order > 0;

-- Quantities are millionths of unit; quantity_produced rises with what operations produce for it.
create table production_order (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  product bigint not null,
  customer bigint not null,
  location bigint not null,
  status text not null,
  priority text not null,
  quantity bigint not null,
  quantity_produced bigint not null,
  quantity_scheduled bigint not null,
  unit bigint not null,
  starts_at bigint,
  ends_at bigint,
  due_at bigint,
  notes text,
  is_enabled bigint not null,
  spare1 text,
  spare2 text,
  spare3 text,
  primary key (tenant, id)
);
create unique index production_order_by_key on production_order (tenant, natural_key);
create unique index production_order_by_uid on production_order (tenant, uid);
create index production_order_by_location on production_order (tenant, location, status);
create index production_order_by_product on production_order (tenant, product);

-- An operation may be part of a process; a run keeps what was current when it began. 0 = none.
alter table operation add column process bigint not null default 0;
create index operation_by_process on operation (tenant, process) where process > 0;
alter table run add column process bigint not null default 0;
alter table run add column process_record bigint not null default 0;
alter table run add column production_order bigint not null default 0;
create index run_by_process on run (tenant, process, id) where process > 0;
create index run_by_order on run (tenant, production_order, id) where production_order > 0;
