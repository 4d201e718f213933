-- Bookings that wait, oldest first; a worker asks for them all the time, however many were booked.
create index booking_in_line on booking (requested_at, id, tenant) where state = 1;
-- What stands at one place, page by page.
create index account_at_place on account (tenant, place, id) where kind = 1;
-- What was counted of a product, in the order in which it was learned.
create index stock_count_by_product on stock_count (tenant, product, batch, line);
