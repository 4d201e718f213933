-- What a voucher put under way, and where that arrived, is found by the voucher: a settlement begins where it sees both
-- ends. Of other movements these indexes hold nothing. 2 is the place of what is in transit.
create index movement_into_transit on movement (tenant, to_pool, voucher, effective_at) where to_location = 2;
create index movement_out_of_transit on movement (tenant, from_pool, voucher, effective_at) where from_location = 2;
