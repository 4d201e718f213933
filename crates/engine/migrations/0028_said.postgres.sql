create trigger said_append_only before update or delete or truncate on said for each statement execute function refuse_change();
