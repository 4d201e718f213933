-- The foundation: tenants and people, the catalog, drafts, and the ledger.
--
-- One text for both databases. Types are bigint (ids, times in microseconds UTC, quantities and
-- amounts in millionths, 0/1 for no/yes), text and bytea; `store/dialect.rs` maps them. The tenant
-- comes first in every key, and a reference never crosses tenants. 0 stands for "none" in a
-- reference that is part of a key or is always written; null stands for "not given" elsewhere.

-- Tenants, people, access -----------------------------------------------------------------------

create table tenant (
  id bigint not null,
  uid text not null,
  name text not null,
  natural_key text not null,
  catalog_version bigint not null,
  created_at bigint not null,
  primary key (id)
);
create unique index tenant_by_name on tenant (natural_key);

-- Next free number of each kind, taken in blocks by a short transaction of its own. Tenant 0 holds
-- what is counted across tenants.
create table counter (
  tenant bigint not null,
  name text not null,
  next bigint not null,
  primary key (tenant, name)
);

create table person (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  name text not null,
  natural_key text not null,
  email text,
  password_hash text,
  is_enabled bigint not null,
  created_at bigint not null,
  created_by bigint not null,
  modified_at bigint not null,
  modified_by bigint not null,
  version bigint not null,
  primary key (tenant, id)
);
create unique index person_by_name on person (tenant, natural_key);

create table role (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  name text not null,
  natural_key text not null,
  permissions text not null,
  created_at bigint not null,
  created_by bigint not null,
  modified_at bigint not null,
  modified_by bigint not null,
  version bigint not null,
  primary key (tenant, id)
);
create unique index role_by_name on role (tenant, natural_key);

-- A person holds a role at an org unit and everything below it; 0 = everywhere.
create table role_grant (
  tenant bigint not null,
  person bigint not null,
  role bigint not null,
  org_unit bigint not null,
  primary key (tenant, person, role, org_unit)
);

-- Sessions, refresh tokens and API keys: only the hash of the secret is kept.
create table token (
  tenant bigint not null,
  id bigint not null,
  person bigint not null,
  kind bigint not null,
  name text not null,
  secret_hash bytea not null,
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  primary key (tenant, id)
);
create unique index token_by_secret on token (tenant, secret_hash);
create index token_by_person on token (tenant, person, id);

-- Who changed what, when and from where. Append-only.
create table audit (
  tenant bigint not null,
  id bigint not null,
  at bigint not null,
  person bigint not null,
  origin text not null,
  action text not null,
  subject text not null,
  detail text,
  primary key (tenant, id)
);

-- The answer that a changing request got, kept under its key so that a retry gets it again.
create table answered (
  tenant bigint not null,
  request_key text not null,
  body_hash bytea not null,
  answer text not null,
  at bigint not null,
  primary key (tenant, request_key)
);
create index answered_by_age on answered (tenant, at);

-- Facts that decide (settings, closed periods, policies, costing methods): append-only, each with
-- the ledger position from which it holds, so that a batch can be judged by what stood then.
create table decision (
  tenant bigint not null,
  id bigint not null,
  subject text not null,
  org_unit bigint not null,
  value text,
  since bigint not null,
  at bigint not null,
  person bigint not null,
  primary key (tenant, id)
);
create index decision_by_subject on decision (tenant, subject, org_unit, id);

-- Catalog ---------------------------------------------------------------------------------------
-- Every record: id (number of the ERP face), uid (ULID), natural_key (folded, unique), who and when,
-- and a version for optimistic changes.

create table unit (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  symbol text not null,
  primary key (tenant, id)
);
create unique index unit_by_key on unit (tenant, natural_key);
create unique index unit_by_uid on unit (tenant, uid);

create table unit_conversion (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  from_unit bigint not null,
  to_unit bigint not null,
  numerator bigint not null,
  denominator bigint not null,
  product bigint not null,
  primary key (tenant, id)
);
create unique index unit_conversion_by_key on unit_conversion (tenant, natural_key);
create unique index unit_conversion_by_uid on unit_conversion (tenant, uid);

create table category (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  parent bigint not null,
  path text not null,
  primary key (tenant, id)
);
create unique index category_by_key on category (tenant, natural_key);
create unique index category_by_uid on category (tenant, uid);

create table product (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  identifier text not null,
  name text not null,
  category bigint not null,
  unit bigint not null,
  tracking bigint not null,
  costing bigint not null,
  cost_price bigint,
  default_cost_price bigint,
  sales_price bigint,
  barcodes text not null,
  has_variants bigint not null,
  is_enabled bigint not null,
  primary key (tenant, id)
);
create unique index product_by_key on product (tenant, natural_key);
create unique index product_by_uid on product (tenant, uid);
create index product_by_category on product (tenant, category, id);

create table variant (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  product bigint not null,
  identifier text not null,
  name text not null,
  barcodes text not null,
  cost_price bigint,
  sales_price bigint,
  is_enabled bigint not null,
  primary key (tenant, id)
);
create unique index variant_by_key on variant (tenant, natural_key);
create unique index variant_by_uid on variant (tenant, uid);
create index variant_by_identifier on variant (tenant, identifier);
create index variant_by_product on variant (tenant, product, id);

-- Lots; a serial-numbered instance is a lot of one unit (is_serial = 1).
create table lot (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  product bigint not null,
  variant bigint not null,
  name text not null,
  is_serial bigint not null,
  status bigint not null,
  expires_at bigint,
  cost_price bigint,
  notes text,
  primary key (tenant, id)
);
create unique index lot_by_key on lot (tenant, natural_key);
create unique index lot_by_uid on lot (tenant, uid);
create index lot_by_name on lot (tenant, name);
create index lot_by_product on lot (tenant, product, id);

-- The one tree of org units and locations. Ids below 0 are the places outside the house; in transit
-- (id 2) is kept like a real place, with balances and a cost pool of its own. The root is id 1.
create table location (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  parent bigint not null,
  path text not null,
  type text not null,
  is_org_unit bigint not null,
  is_default bigint not null,
  stock_org_unit bigint not null,
  process_type text,
  lot_storage_strategy text not null,
  lot_use_strategy text not null,
  capacity bigint,
  allow_negative bigint,
  is_enabled bigint not null,
  primary key (tenant, id)
);
create unique index location_by_key on location (tenant, natural_key);
create unique index location_by_uid on location (tenant, uid);

create table party (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  code text not null,
  name text not null,
  is_customer bigint not null,
  is_supplier bigint not null,
  primary key (tenant, id)
);
create unique index party_by_key on party (tenant, natural_key);
create unique index party_by_uid on party (tenant, uid);

create table reason_code (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  notes text,
  is_enabled bigint not null,
  primary key (tenant, id)
);
create unique index reason_code_by_key on reason_code (tenant, natural_key);
create unique index reason_code_by_uid on reason_code (tenant, uid);

create table series (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  from_number bigint not null,
  to_number bigint not null,
  primary key (tenant, id)
);
create unique index series_by_key on series (tenant, natural_key);
create unique index series_by_uid on series (tenant, uid);

create table journal (
  tenant bigint not null, id bigint not null, uid text not null, natural_key text not null,
  created_at bigint not null, created_by bigint not null, modified_at bigint not null, modified_by bigint not null, version bigint not null,
  name text not null,
  description text,
  kind bigint not null,
  is_auto_book bigint not null,
  is_hidden bigint not null,
  org_unit bigint not null,
  location bigint not null,
  series bigint not null,
  create_finance_entries bigint not null,
  primary key (tenant, id)
);
create unique index journal_by_key on journal (tenant, natural_key);
create unique index journal_by_uid on journal (tenant, uid);

-- Drafts ----------------------------------------------------------------------------------------

-- The moving part of a journal, apart from its description: which generation of entries is being
-- collected. Asking for a booking closes one and opens the next.
create table journal_state (
  tenant bigint not null,
  journal bigint not null,
  generation bigint not null,
  primary key (tenant, journal)
);

create table voucher (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  journal bigint not null,
  number bigint not null,
  description text,
  source_type text,
  source_id bigint,
  source_identifier text,
  alternative_number text,
  created_at bigint not null,
  created_by bigint not null,
  primary key (tenant, id)
);
create unique index voucher_by_number on voucher (tenant, number);
create index voucher_by_journal on voucher (tenant, journal, id);

create table entry (
  tenant bigint not null,
  id bigint not null,
  journal bigint not null,
  voucher bigint not null,
  generation bigint not null,
  org_unit bigint not null,
  effective_at bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  lot_name text,
  instances text,
  location bigint not null,
  count bigint not null,
  unit bigint not null,
  cost_price bigint,
  sales_price bigint,
  fallback_cost bigint,
  customer bigint not null,
  supplier bigint not null,
  reason bigint not null,
  description text,
  source_kind bigint,
  source_identifier text,
  external_type text,
  external_id bigint,
  credit_type text,
  credit_id bigint,
  is_system_generated bigint not null,
  created_at bigint not null,
  created_by bigint not null,
  primary key (tenant, id)
);
create index entry_by_journal on entry (tenant, journal, id);
create index entry_by_voucher on entry (tenant, voucher, id);
-- What waits to be received, for availability: all that it asks is in the index.
create index entry_ordered on entry (tenant, product, journal, location, variant, count) where count > 0;

-- A booking (the requisition of the ERP face). state: 1 waiting, 2 booked, 3 rejected. It takes the
-- entries of its journal up to its generation that its filter names.
create table booking (
  tenant bigint not null,
  id bigint not null,
  uid text not null,
  journal bigint not null,
  generation bigint not null,
  filter text,
  state bigint not null,
  result_code bigint not null,
  faulted_number bigint not null,
  faults text,
  entry_count bigint not null,
  batch bigint not null,
  requested_at bigint not null,
  requested_by bigint not null,
  finished_at bigint,
  primary key (tenant, id)
);
create index booking_waiting on booking (tenant, id) where state = 1;

-- The ledger ------------------------------------------------------------------------------------

-- The end of each tenant's chain; its row is the lock under which headers get their position.
create table tail (
  tenant bigint not null,
  position bigint not null,
  chain_hash bytea not null,
  primary key (tenant)
);

-- One header ends each batch. Append-only. kind: 1 booking, 2 reversal, 3 count, 4 settlement,
-- 5 operation, 6 value.
create table header (
  tenant bigint not null,
  position bigint not null,
  batch bigint not null,
  uid text not null,
  kind bigint not null,
  booking bigint not null,
  lines bigint not null,
  content_hash bytea not null,
  chain_hash bytea not null,
  booked_at bigint not null,
  booked_by bigint not null,
  reason text,
  primary key (tenant, position)
);
create unique index header_by_batch on header (tenant, batch);

-- What an account stands for: the stock of a product, variant and lot at a place (kind 1), or the
-- cost pool of a product and variant (and lot, for specific cost) in a stock org unit (kind 2). The
-- other columns are the root of its timeline: derived, and locked in id order by who books on it.
create table account (
  tenant bigint not null,
  id bigint not null,
  kind bigint not null,
  place bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  quantity bigint not null,
  amount bigint not null,
  low bigint not null,
  low_before bigint not null,
  instants_from bigint not null,
  instants_to bigint not null,
  postings bigint not null,
  is_split bigint not null,
  rate_quantity bigint not null,
  rate_amount bigint not null,
  unsettled_from bigint,
  version bigint not null,
  primary key (tenant, id)
);
create unique index account_by_key on account (tenant, product, place, kind, variant, lot);
create index account_unsettled on account (tenant, product) where unsettled_from is not null;
create index account_by_lot on account (tenant, lot) where lot > 0;

-- Inner nodes and leaves of the timelines of accounts that outgrew one leaf: what the postings with
-- effective_at >> shift = bucket add up to, and the lowest the running sum gets inside. Derived.
create table summary (
  tenant bigint not null,
  account bigint not null,
  shift bigint not null,
  bucket bigint not null,
  quantity bigint not null,
  amount bigint not null,
  low bigint not null,
  low_before bigint not null,
  instants_from bigint not null,
  instants_to bigint not null,
  postings bigint not null,
  is_split bigint not null,
  primary key (tenant, account, shift, bucket)
);

-- The facts. Append-only. quantity > 0 in the base unit leaves from_location and enters to_location;
-- amount >= 0 is what was first booked with it. from_account/to_account and from_pool/to_pool are 0
-- outside the house, and the pools are 0 where value does not move.
create table movement (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  effective_at bigint not null,
  kind bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  from_location bigint not null,
  to_location bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  from_pool bigint not null,
  to_pool bigint not null,
  quantity bigint not null,
  amount bigint not null,
  unit_cost bigint,
  fallback_cost bigint,
  sales_price bigint,
  entered_count bigint not null,
  entered_unit bigint not null,
  journal bigint not null,
  voucher bigint not null,
  entry bigint not null,
  org_unit bigint not null,
  customer bigint not null,
  supplier bigint not null,
  reason bigint not null,
  external_type text,
  external_id bigint,
  credit_type text,
  credit_id bigint,
  source_kind bigint,
  source_identifier text,
  description text,
  reverses_batch bigint not null,
  reverses_line bigint not null,
  primary key (tenant, batch, line)
);
create index movement_by_product on movement (tenant, product, batch, line);
create index movement_into_account on movement (tenant, to_account, effective_at) where to_account > 0;
create index movement_out_of_account on movement (tenant, from_account, effective_at) where from_account > 0;
create index movement_into_pool on movement (tenant, to_pool, effective_at) where to_pool > 0;
create index movement_out_of_pool on movement (tenant, from_pool, effective_at) where from_pool > 0;
create index movement_by_external on movement (tenant, external_id) where external_id is not null;
create unique index movement_reversed on movement (tenant, reverses_batch, reverses_line) where reverses_batch > 0;

-- Value that became known later. Append-only; one per pool, day and counterpart place.
create table value_entry (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  pool bigint not null,
  effective_at bigint not null,
  counterpart bigint not null,
  kind bigint not null,
  amount bigint not null,
  primary key (tenant, batch, line)
);
create index value_entry_by_pool on value_entry (tenant, pool, effective_at);

-- A count is a statement about a time, kept also where it found what was expected. Append-only.
create table stock_count (
  tenant bigint not null,
  batch bigint not null,
  line bigint not null,
  effective_at bigint not null,
  account bigint not null,
  product bigint not null,
  variant bigint not null,
  lot bigint not null,
  location bigint not null,
  counted bigint not null,
  expected bigint not null,
  movement_line bigint not null,
  unit_cost bigint,
  journal bigint not null,
  voucher bigint not null,
  entry bigint not null,
  org_unit bigint not null,
  description text,
  primary key (tenant, batch, line)
);
create index stock_count_by_movement on stock_count (tenant, batch, movement_line);
create index stock_count_by_account on stock_count (tenant, account, effective_at);

-- Which lines of which batch a voucher became: one row per voucher and booking. Append-only.
create table voucher_booked (
  tenant bigint not null,
  voucher bigint not null,
  batch bigint not null,
  first_line bigint not null,
  last_line bigint not null,
  primary key (tenant, voucher, batch)
);
