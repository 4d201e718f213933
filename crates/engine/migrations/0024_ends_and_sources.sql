-- When a reservation ends ------------------------------------------------------------------------------
--
-- From this time on nothing of it was open any more, whatever is asked of the past: released then, run out, or the
-- later of when its last part was issued and when that was booked. What is open of it now has no end: the highest
-- number there is. What was reserved at a time is then found among those that ended after it.
alter table reservation add column ended_at bigint not null default 9223372036854775807;
update reservation set ended_at = case
  when state = 4 then modified_at
  when state in (1, 5) and hold_until is not null then hold_until
  when state = 3 and modified_at >= coalesce((select max(m.effective_at) from reservation_use u cross join movement m
    where u.tenant = reservation.tenant and u.reservation = reservation.id
    and m.tenant = u.tenant and m.batch = u.batch and m.line = u.line), 0) then modified_at
  when state = 3 then (select max(m.effective_at) from reservation_use u cross join movement m
    where u.tenant = reservation.tenant and u.reservation = reservation.id
    and m.tenant = u.tenant and m.batch = u.batch and m.line = u.line)
  else ended_at end;
create index reservation_by_end on reservation (tenant, ended_at);
create index reservation_by_product_end on reservation (tenant, product, ended_at);

-- A voucher made from a file is known again by the fingerprint of what it was made from, which is the identifier of its
-- source.
create index voucher_by_source on voucher (tenant, source_identifier) where source_identifier is not null;
