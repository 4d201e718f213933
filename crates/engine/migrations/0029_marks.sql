-- Pools: how often it was said, beside postings, that their values wait, or that they are settled. A settlement that
-- replayed a snapshot sees by it whether what it rests on still stands.
alter table account add column marks bigint not null default 0;
