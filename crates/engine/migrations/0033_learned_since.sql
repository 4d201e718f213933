-- Pools whose values wait: the position at which they began to, and the latest time that was named then; null where that
-- was before this was kept. What was learned from that position on is what a settlement has to work in, and where the
-- pools stand as if it had not been learned, it may end.
alter table account add column unsettled_since bigint;
alter table account add column unsettled_to bigint;
