-- Append-only tables refuse changes in the database itself.
create trigger movement_no_update before update on movement begin select raise(abort, 'movement is append-only'); end;
create trigger movement_no_delete before delete on movement begin select raise(abort, 'movement is append-only'); end;
create trigger value_entry_no_update before update on value_entry begin select raise(abort, 'value_entry is append-only'); end;
create trigger value_entry_no_delete before delete on value_entry begin select raise(abort, 'value_entry is append-only'); end;
create trigger header_no_update before update on header begin select raise(abort, 'header is append-only'); end;
create trigger header_no_delete before delete on header begin select raise(abort, 'header is append-only'); end;
create trigger stock_count_no_update before update on stock_count begin select raise(abort, 'stock_count is append-only'); end;
create trigger stock_count_no_delete before delete on stock_count begin select raise(abort, 'stock_count is append-only'); end;
create trigger voucher_booked_no_update before update on voucher_booked begin select raise(abort, 'voucher_booked is append-only'); end;
create trigger voucher_booked_no_delete before delete on voucher_booked begin select raise(abort, 'voucher_booked is append-only'); end;
create trigger decision_no_update before update on decision begin select raise(abort, 'decision is append-only'); end;
create trigger decision_no_delete before delete on decision begin select raise(abort, 'decision is append-only'); end;
create trigger audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;
