create trigger gl_document_append_only before update or delete or truncate on gl_document for each statement execute function refuse_change();
create trigger gl_line_append_only before update or delete or truncate on gl_line for each statement execute function refuse_change();
