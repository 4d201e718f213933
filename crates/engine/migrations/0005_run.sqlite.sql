-- Genealogy is append-only.
create trigger lot_edge_no_update before update on lot_edge begin select raise(abort, 'lot_edge is append-only'); end;
create trigger lot_edge_no_delete before delete on lot_edge begin select raise(abort, 'lot_edge is append-only'); end;
