create trigger reservation_use_no_update before update on reservation_use begin select raise(abort, 'reservation_use is append-only'); end;
create trigger reservation_use_no_delete before delete on reservation_use begin select raise(abort, 'reservation_use is append-only'); end;
create trigger compensation_no_update before update on compensation begin select raise(abort, 'compensation is append-only'); end;
create trigger compensation_no_delete before delete on compensation begin select raise(abort, 'compensation is append-only'); end;
create trigger count_undone_no_update before update on count_undone begin select raise(abort, 'count_undone is append-only'); end;
create trigger count_undone_no_delete before delete on count_undone begin select raise(abort, 'count_undone is append-only'); end;
