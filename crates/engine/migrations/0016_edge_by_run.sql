-- Which lots came of which by a run: asked when runs are verified.
create index lot_edge_by_run on lot_edge (tenant, run);
