create trigger value_fact_append_only before update or delete or truncate on value_fact for each statement execute function refuse_change();
create trigger value_undone_append_only before update or delete or truncate on value_undone for each statement execute function refuse_change();
create trigger costing_append_only before update or delete or truncate on costing for each statement execute function refuse_change();
create trigger cost_link_append_only before update or delete or truncate on cost_link for each statement execute function refuse_change();
create trigger adjustment_append_only before update or delete or truncate on adjustment for each statement execute function refuse_change();
create trigger adjustment_approval_append_only before update or delete or truncate on adjustment_approval for each statement execute function refuse_change();
