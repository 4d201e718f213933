create trigger said_no_update before update on said begin select raise(abort, 'said is append-only'); end;
create trigger said_no_delete before delete on said begin select raise(abort, 'said is append-only'); end;
