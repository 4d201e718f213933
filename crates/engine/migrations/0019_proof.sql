-- What a document of the outbox is: 1 what batches came to, 2 value that is posted in another account from now
-- on. Each document carries the hash of the one before it, like batches; those made before this have none.
alter table gl_document add column kind bigint not null default 1;
alter table gl_document add column chain_hash bytea;

-- What verifying beside the work found last, so that it is known after a restart. report is JSON.
create table scrub (
  tenant bigint not null,
  started_at bigint not null,
  finished_at bigint not null,
  differences bigint not null,
  report text not null,
  primary key (tenant)
);
