-- What scripts keep of operations, records, lots and rows of stock, beside what moved.

-- An operation that is gone keeps its row while records name it.
alter table operation add column is_deleted bigint not null default 0;

-- is_note: written by hand. It moved nothing, and is no part of balances, traces and recalls.
alter table run add column is_note bigint not null default 0;
alter table run add column is_enabled bigint not null default 1;

alter table lot add column closed_at bigint;
alter table lot add column supplier bigint not null default 0;
alter table lot add column is_enabled bigint not null default 1;
alter table lot add column spare1 text;
alter table lot add column spare2 text;
alter table lot add column spare3 text;

-- What a row of stock is called, such as a pallet's number, and what is noted of it. The row is its account.
create table inventory_row (
  tenant bigint not null,
  account bigint not null,
  name text,
  production_order bigint not null,
  notes text,
  spare1 text,
  spare2 text,
  spare3 text,
  modified_at bigint not null,
  modified_by bigint not null,
  primary key (tenant, account)
);
