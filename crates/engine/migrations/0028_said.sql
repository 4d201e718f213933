-- What decides is in the chain of hashes, too: each word on a setting or a closed period (kind 1, decision) and on how
-- a product is valued (kind 2, costing), by its id, in the order in which they were said. It is linked to what came
-- before it (the batch at after_position, or the word before), and the tail carries its hash until the next batch
-- does. Words of before this were linked where the ledger stood when the database was brought up to it. Append-only.
create table said (
  tenant bigint not null,
  number bigint not null,
  after_position bigint not null,
  kind bigint not null,
  word bigint not null,
  content_hash bytea not null,
  chain_hash bytea not null,
  primary key (tenant, number)
);
create unique index said_by_word on said (tenant, kind, word);
create index said_by_position on said (tenant, after_position, number);
