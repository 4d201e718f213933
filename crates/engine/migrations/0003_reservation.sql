-- Reservations, counts that hold, and counting -----------------------------------------------------

-- Stock that is promised. lot 0 = any; location = this place and what is below it. state: 1 held,
-- 2 confirmed, 3 consumed, 4 released, 5 expired. open_quantity is what is still to be issued.
create table reservation (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  location bigint not null,
  quantity bigint not null,
  open_quantity bigint not null,
  state bigint not null,
  hold_until bigint,
  allow_backorder bigint not null,
  description text,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  primary key (tenant, id)
);
create unique index reservation_by_uid on reservation (tenant, uid);
create index reservation_by_product on reservation (tenant, product, id);
create index reservation_due on reservation (tenant, hold_until) where state = 1 and hold_until is not null;

-- What is open in each scope, added up, so that a product with many reservations is judged as fast as
-- one with few. Derived from the reservations that are held or confirmed. Its rows are also the lock
-- under which the stock of a product is shared out.
create table reserved (
  tenant bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  location bigint not null,
  quantity bigint not null,
  primary key (tenant, product, variant, lot, location)
);

-- Which movement took how much of a reservation. Append-only.
create table reservation_use (
  tenant bigint not null,
  reservation bigint not null,
  batch bigint not null,
  line bigint not null,
  quantity bigint not null,
  primary key (tenant, reservation, batch, line)
);

alter table entry add column reservation bigint not null default 0;

-- Which movement keeps which count true, and what it makes up for: a movement of its own batch.
-- Append-only.
create table compensation (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  count_batch bigint not null,
  count_line bigint not null,
  cause_line bigint not null,
  primary key (tenant, batch, line)
);
create index compensation_by_count on compensation (tenant, count_batch, count_line);

-- Counts that hold no longer, and the batch that undid them. Append-only.
create table count_undone (
  tenant bigint not null,
  count_batch bigint not null,
  count_line bigint not null,
  batch bigint not null,
  primary key (tenant, count_batch, count_line)
);
create index count_undone_by_batch on count_undone (tenant, batch);
