-- The general ledger's hook ----------------------------------------------------------------------------

-- Which account a kind of posting has, for the products of a category and those below it; category 0 = any.
create table gl_rule (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  category bigint not null,
  kind bigint not null,
  account text not null,
  primary key (tenant, id)
);
create unique index gl_rule_by_key on gl_rule (tenant, natural_key);
create unique index gl_rule_by_uid on gl_rule (tenant, uid);
create unique index gl_rule_by_use on gl_rule (tenant, category, kind);

-- Up to which position batches have been posted, and the number of the last document. Its row is the lock
-- under which documents are made.
create table gl_tail (
  tenant bigint not null,
  position bigint not null,
  number bigint not null,
  primary key (tenant)
);

-- The outbox: what batches from one position to another came to in a period, as one balanced document.
-- Append-only. Amounts are millionths, never below 0.
create table gl_document (
  tenant bigint not null,
  number bigint not null,
  period text not null,
  from_position bigint not null,
  to_position bigint not null,
  created_at bigint not null,
  primary key (tenant, number)
);
create table gl_line (
  tenant bigint not null,
  number bigint not null,
  line bigint not null,
  account text not null,
  org_unit bigint not null,
  debit bigint not null,
  credit bigint not null,
  primary key (tenant, number, line)
);

-- In which account the value of a product in an org unit was posted, and how much of it: when another
-- account becomes right, it is moved there. Derived from documents and batches.
create table gl_stock (
  tenant bigint not null,
  product bigint not null,
  org_unit bigint not null,
  account text not null,
  amount bigint not null,
  primary key (tenant, product, org_unit)
);

-- Lots by the day on which they expire.
create index lot_by_expiry on lot (tenant, expires_at, id) where expires_at is not null;
