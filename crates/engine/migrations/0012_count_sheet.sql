-- Allocated reservations, and count sheets -----------------------------------------------------------

-- Reservations that were shared out over lots and places in one go: the id of the first of them; 0 = it
-- stands alone.
alter table reservation add column allocation bigint not null default 0;
create index reservation_by_allocation on reservation (tenant, allocation) where allocation > 0;

-- What people are sent to count without being told what is expected. state: 1 open, 2 posted,
-- 3 cancelled. location, category, product: what it covers; 0 = everything. A line is asked for again
-- where it differs by more than both tolerances: a quantity, and millionths of what is expected.
create table count_sheet (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  name text not null,
  location bigint not null,
  category bigint not null,
  product bigint not null,
  tolerance bigint not null,
  tolerance_share bigint not null,
  state bigint not null,
  batch bigint not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  primary key (tenant, id)
);
create unique index count_sheet_by_uid on count_sheet (tenant, uid);

-- One thing to count in one place. state: 1 to count, 2 counted, 3 to count again. rounds counts how
-- often it was counted; previous is what the round before found. instances: a JSON list of ids for
-- products with serial numbers. is_extra: it was found there and not expected.
create table count_line (
  tenant bigint not null,
  sheet bigint not null,
  line bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  location bigint not null,
  is_extra bigint not null,
  state bigint not null,
  rounds bigint not null,
  counted bigint,
  counted_at bigint,
  counted_by bigint not null,
  previous bigint,
  instances text,
  primary key (tenant, sheet, line)
);
create unique index count_line_by_key on count_line (tenant, sheet, product, variant, lot, location);
