create trigger reservation_use_append_only before update or delete or truncate on reservation_use for each statement execute function refuse_change();
create trigger count_undone_append_only before update or delete or truncate on count_undone for each statement execute function refuse_change();
create trigger compensation_append_only before update or delete or truncate on compensation for each statement execute function refuse_change();
alter table reserved set (fillfactor = 10);
