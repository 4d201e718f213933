-- What a movement took of reservations is found by the movement: it is given back with a row below 0 when that is undone.
create index reservation_use_by_movement on reservation_use (tenant, batch, line);
