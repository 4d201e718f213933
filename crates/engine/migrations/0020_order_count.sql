-- What a run counted for its production order, in the order's own unit, and still counts: what is undone is
-- taken back.
alter table run add column order_counted bigint not null default 0;
