create trigger value_fact_no_update before update on value_fact begin select raise(abort, 'value_fact is append-only'); end;
create trigger value_fact_no_delete before delete on value_fact begin select raise(abort, 'value_fact is append-only'); end;
create trigger value_undone_no_update before update on value_undone begin select raise(abort, 'value_undone is append-only'); end;
create trigger value_undone_no_delete before delete on value_undone begin select raise(abort, 'value_undone is append-only'); end;
create trigger costing_no_update before update on costing begin select raise(abort, 'costing is append-only'); end;
create trigger costing_no_delete before delete on costing begin select raise(abort, 'costing is append-only'); end;
