create trigger reservation_use_no_update before update on reservation_use begin select raise(abort, 'reservation_use is append-only'); end;
create trigger reservation_use_no_delete before delete on reservation_use begin select raise(abort, 'reservation_use is append-only'); end;
