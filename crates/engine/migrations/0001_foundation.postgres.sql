-- Append-only tables refuse changes in the database itself.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger movement_append_only before update or delete or truncate on movement for each statement execute function refuse_change();
create trigger value_entry_append_only before update or delete or truncate on value_entry for each statement execute function refuse_change();
create trigger header_append_only before update or delete or truncate on header for each statement execute function refuse_change();
create trigger stock_count_append_only before update or delete or truncate on stock_count for each statement execute function refuse_change();
create trigger voucher_booked_append_only before update or delete or truncate on voucher_booked for each statement execute function refuse_change();
create trigger decision_append_only before update or delete or truncate on decision for each statement execute function refuse_change();
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function refuse_change();
alter table account set (fillfactor = 70);
alter table summary set (fillfactor = 70);
alter table tail set (fillfactor = 10);
alter table journal_state set (fillfactor = 10);
