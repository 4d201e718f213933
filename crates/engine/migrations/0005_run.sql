-- Runs: what happened to lots on the shop floor, from start to stop, and which lot came of which.

-- kind: 31 consume, 32 unconsume, 33 produce, 34 move, 35 split, 36 merge, 37 scrap, 38 return,
-- 39 status change, 40 edit, 41 receive, 42 ship. status: 1 running, 2 completed, 3 cancelled, 4 faulted.
-- quantity is as entered, in unit; primary_quantity and secondary_quantity are in the lots' own base
-- units. Its movements are the lines first_line … last_line of batch; batch 0 = it moved nothing.
create table run (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  kind bigint not null,
  operation bigint not null,
  operation_name text,
  product bigint not null,
  lot bigint not null,
  secondary_product bigint not null,
  secondary_lot bigint not null,
  from_location bigint not null,
  to_location bigint not null,
  status bigint not null,
  quantity bigint not null,
  unit bigint not null,
  primary_quantity bigint not null,
  secondary_quantity bigint not null,
  lot_status bigint not null,
  started_at bigint not null,
  ended_at bigint,
  batch bigint not null,
  first_line bigint not null,
  last_line bigint not null,
  reason bigint not null,
  inventory_name text,
  notes text,
  spare1 text,
  spare2 text,
  spare3 text,
  created_at bigint not null,
  created_by bigint not null,
  modified_at bigint not null,
  modified_by bigint not null,
  primary key (tenant, id)
);
create unique index run_by_uid on run (tenant, uid);
create index run_by_lot on run (tenant, lot, id);
create index run_by_secondary_lot on run (tenant, secondary_lot, id) where secondary_lot > 0;
create index run_by_batch on run (tenant, batch, first_line) where batch > 0;
create index run_by_operation on run (tenant, operation, id) where operation > 0;

-- A part of from_lot became a part of to_lot by a run: so much, in the base unit of each. Append-only;
-- an edge whose run was undone does not count.
create table lot_edge (
  tenant bigint not null,
  from_lot bigint not null,
  to_lot bigint not null,
  run bigint not null,
  from_quantity bigint not null,
  to_quantity bigint not null,
  at bigint not null,
  primary key (tenant, from_lot, to_lot, run)
);
create index lot_edge_into on lot_edge (tenant, to_lot, from_lot, run);

-- What stands at a place, whatever the product.
create index account_by_place on account (tenant, place, product) where kind = 1;
