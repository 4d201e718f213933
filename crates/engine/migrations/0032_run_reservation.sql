-- The reservation that a run names, so that what it takes when it ends is taken of it; 0 = none.
alter table run add column reservation bigint not null default 0;
