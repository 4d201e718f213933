create trigger gl_document_no_update before update on gl_document begin select raise(abort, 'gl_document is append-only'); end;
create trigger gl_document_no_delete before delete on gl_document begin select raise(abort, 'gl_document is append-only'); end;
create trigger gl_line_no_update before update on gl_line begin select raise(abort, 'gl_line is append-only'); end;
create trigger gl_line_no_delete before delete on gl_line begin select raise(abort, 'gl_line is append-only'); end;
