//! Runs and edges, written without reading or deciding anything.

use std::time::{Duration, Instant};

use lotbook_domain::chain::{GENESIS, link};
use lotbook_domain::id::{BatchId, LotId, RunId, TenantId, UserId, VoucherId};
use lotbook_domain::ledger::Account;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::{FROM, RawLedger, audited, header};
use crate::error::Error;
use crate::store::{Arg, Store};
use crate::table;
use crate::table::run::{Edge, Run, RunStatus};
use crate::table::stamp::Stamp;

/// The completed runs that moved stock, of at most so many that were made last, with their batches.
pub fn last_runs(store: &Store, tenant: TenantId, n: i64) -> Result<(Vec<BatchId>, Vec<Run>), Error> {
    let runs = store.read(|conn| {
        let ids = conn.query(
            "select id from run where tenant = $1 and batch > 0 and status = 2 order by id desc limit $2",
            &[Arg::Int(tenant.0), Arg::Int(n)],
            |row| Ok(RunId(row.int(0)?)),
        )?;
        table::run::by_ids(conn, tenant, &ids)
    })?;
    Ok((runs.iter().map(|run| run.batch).collect(), runs))
}

impl RawLedger<'_> {
    /// Writes so many runs like these, whose batches the copy was made of in the same order: the run, its
    /// audit row, its movements, accounts, summaries, edge, header and tail. One transaction each, or two
    /// where it is `in_two`: one that opens it and one that ends it.
    pub fn write_runs(&mut self, runs: &[Run], count: i64, in_two: bool) -> Result<Duration, Error> {
        let now = Time(1_700_000_000_000_000);
        let stamp = Stamp { at: now, person: UserId(1) };
        let tenant = self.tenant;
        let mut took = Duration::ZERO;
        for no in self.written..self.written + count {
            // Outside the time, and only after the one before is kept: a busy timeline is read on in parts.
            let (mut movements, accounts) = self.prepare(no)?;
            let started = Instant::now();
            let id = FROM + no + 1;
            for movement in &mut movements {
                movement.voucher = VoucherId(0);
            }
            let like = &runs[no as usize % runs.len()];
            let uid = format!("01ARZ3NDEKTSV4RR{id:010}");
            let run = Run { id: RunId(id), uid, batch: BatchId(id), ..like.clone() };
            if in_two {
                let open = Run { status: RunStatus::Running, ended_at: None, batch: BatchId(0), ..run.clone() };
                self.store.write(|conn| {
                    table::run::insert(conn, tenant, &[(open.clone(), stamp)])?;
                    table::audit::insert(conn, tenant, &[audited(id * 2, now)])
                })?;
            }
            self.store.write(|conn| {
                let changed: Vec<&Account> = accounts.iter().collect();
                table::account::save(conn, tenant, &changed)?;
                let rows: Vec<(BatchId, &Movement)> = movements.iter().map(|each| (BatchId(id), each)).collect();
                table::movement::insert(conn, tenant, &rows)?;
                self.chain = link(&self.chain, id, &GENESIS);
                table::header::append(conn, tenant, &[header(id, self.chain, rows.len() as i64, now)])?;
                if in_two {
                    table::run::finish(conn, tenant, &[(run.clone(), stamp)])?;
                } else {
                    table::run::insert(conn, tenant, &[(run.clone(), stamp)])?;
                }
                table::run::insert_edges(conn, tenant, &[edge(&run)])?;
                table::audit::insert(conn, tenant, &[audited(id * 2 + 1, now)])
            })?;
            took += started.elapsed();
        }
        self.written += count;
        Ok(took)
    }
}

fn edge(run: &Run) -> Edge {
    Edge {
        from: run.lot,
        to: run.secondary_lot,
        run: run.id,
        from_quantity: run.primary_quantity,
        to_quantity: run.secondary_quantity,
        at: run.started_at,
    }
}

/// So many edges are written at once.
const EDGES_AT_ONCE: usize = 20_000;

/// Writes edges between lots that need not exist, each by a run of its own that is like another.
pub fn write_edges(
    store: &Store,
    tenant: TenantId,
    like: &Run,
    edges: impl Iterator<Item = (LotId, LotId)>,
) -> Result<(), Error> {
    let mut edges = edges.enumerate().peekable();
    while edges.peek().is_some() {
        let chunk: Vec<(Run, Edge)> = edges
            .by_ref()
            .take(EDGES_AT_ONCE)
            .map(|(no, (from, to))| {
                let id = FROM + no as i64;
                let uid = format!("01ARZ3NDEKTSV4RR{id:010}");
                let run = Run {
                    id: RunId(id),
                    uid,
                    lot: from,
                    secondary_lot: to,
                    primary_quantity: Quantity(1_000_000),
                    secondary_quantity: Quantity(1_000_000),
                    ..like.clone()
                };
                let edge = edge(&run);
                (run, edge)
            })
            .collect();
        let stamp = Stamp { at: like.started_at, person: UserId(1) };
        let (runs, edges): (Vec<(Run, Stamp)>, Vec<Edge>) =
            chunk.into_iter().map(|(run, edge)| ((run, stamp), edge)).unzip();
        store.write(|conn| {
            table::run::insert(conn, tenant, &runs)?;
            table::run::insert_edges(conn, tenant, &edges)
        })?;
    }
    Ok(())
}

/// The edges out of a lot, by one indexed range scan and nothing else: how many there are.
pub fn scan_edges(store: &Store, tenant: TenantId, lot: LotId) -> Result<usize, Error> {
    let found = store.read(|conn| {
        conn.query(
            "select to_lot, from_quantity, to_quantity, at, run from lot_edge where tenant = $1 and from_lot = $2",
            &[Arg::Int(tenant.0), Arg::Int(lot.0)],
            |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?)),
        )
    })?;
    Ok(found.len())
}
