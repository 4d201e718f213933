-- Genealogy is append-only.
create trigger lot_edge_append_only before update or delete or truncate on lot_edge for each statement execute function refuse_change();
