-- What comes back is found by the document that it was sold under, and those documents by the pool.
create index movement_by_credit on movement (tenant, credit_id) where credit_id is not null;
create index movement_by_return on movement (tenant, to_pool, effective_at) where credit_id is not null;
