create trigger value_fact_append_only before update or delete or truncate on value_fact for each statement execute function refuse_change();
create trigger value_undone_append_only before update or delete or truncate on value_undone for each statement execute function refuse_change();
create trigger costing_append_only before update or delete or truncate on costing for each statement execute function refuse_change();
