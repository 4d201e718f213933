use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::*;
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_engine::command::*;
use lotbook_engine::write::*;
use lotbook_engine::*;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

static R: AtomicU64 = AtomicU64::new(88172645463325252);
fn rnd(b: &mut [u8]) {
    for x in b {
        let v = R.fetch_add(0x9E3779B97F4A7C15, Ordering::Relaxed);
        *x = (v >> 33) as u8 ^ (v >> 12) as u8;
    }
}
fn now() -> Time {
    Time(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as i64)
}
fn req() -> Request {
    Request { tenant: TenantId(1), person: UserId(1), origin: "probe".into(), key: None, now: now(), dry_run: false }
}

fn main() {
    let url = std::env::args().nth(1).unwrap();
    let n: i64 = std::env::args().nth(2).map_or(100_000, |x| x.parse().unwrap());
    let store = Store::open(&url).unwrap();
    store.migrate(now()).unwrap();
    store.write(|c| {
        c.execute("insert into tenant (id,uid,name,natural_key,catalog_version,created_at) values (1,'','default','default',1,0) on conflict do nothing", &[])?;
        c.execute("insert into location (tenant,id,uid,natural_key,created_at,created_by,modified_at,modified_by,version,name,parent,path,type,is_org_unit,is_default,stock_org_unit,lot_storage_strategy,lot_use_strategy,is_enabled) values (1,1,'','main',0,0,0,0,1,'Main',0,'Main','enterprise',1,0,0,'ALLOW_MULTIPLE','FIFO',1) on conflict do nothing", &[])?;
        for l in 101..=110 { c.execute("insert into location (tenant,id,uid,natural_key,created_at,created_by,modified_at,modified_by,version,name,parent,path,type,is_org_unit,is_default,stock_org_unit,lot_storage_strategy,lot_use_strategy,is_enabled) values (1,$1,'',$2,0,0,0,0,1,$2,1,$2,'shelf',0,0,0,'ALLOW_MULTIPLE','FIFO',1) on conflict do nothing", &[Arg::Int(l), Arg::Text(&format!("s{l}"))])?; }
        c.execute("insert into unit (tenant,id,uid,natural_key,created_at,created_by,modified_at,modified_by,version,name,symbol) values (1,1,'','pcs',0,0,0,0,1,'piece','pcs') on conflict do nothing", &[])?;
        for (id, auto) in [(1, 0), (2, 1)] { c.execute("insert into journal (tenant,id,uid,natural_key,created_at,created_by,modified_at,modified_by,version,name,kind,is_auto_book,is_hidden,org_unit,location,series,create_finance_entries) values (1,$1,'',$2,0,0,0,0,1,$2,5,$3,0,0,0,0,0) on conflict do nothing", &[Arg::Int(id), Arg::Text(&format!("j{id}")), Arg::Int(auto)])?; }
        for p in 1..=1000 { c.execute("insert into product (tenant,id,uid,natural_key,created_at,created_by,modified_at,modified_by,version,identifier,name,category,unit,tracking,costing,cost_price,barcodes,has_variants,is_enabled) values (1,$1,'',$2,0,0,0,0,1,$2,$2,0,1,0,0,2000000,'[]',0,1) on conflict do nothing", &[Arg::Int(p), Arg::Text(&format!("p{p}"))])?; }
        if c.one("select 1 from tail where tenant=1", &[], |r| r.int(0))?.is_none() { lotbook_engine::table::header::make_tail(c, TenantId(1))?; }
        Ok(())
    }).unwrap();
    let engine = Engine::open(store, Surroundings { clock: Box::new(now), random: Box::new(rnd) });
    let base = 1_700_000_000_000_000i64;
    for round in 0..std::env::var("ROUNDS").map_or(3, |x| x.parse().unwrap()) {
        let t = Instant::now();
        let v: VoucherCreated = serde_json::from_str(
            &engine
                .run(req(), Command::CreateVoucher(CreateVoucher { journal: JournalId(1), ..Default::default() }))
                .unwrap(),
        )
        .unwrap();
        let entries = (0..n)
            .map(|i| EntryDraft {
                org_unit: Some(LocationId(1)),
                effective_at: Some(Time(base + (round * n + i) * 1_000_000)),
                product: Some(ProductId(1 + i % 1000)),
                location: Some(LocationId(101 + (i / 1000) % 10)),
                count: Some(Quantity(1_000_000 * (1 + i % 7))),
                cost_price: Some(UnitCost(1_500_000)),
                ..Default::default()
            })
            .collect();
        engine
            .run(
                req(),
                Command::CreateEntries(CreateEntries { voucher: VoucherId(v.id), entries, ..Default::default() }),
            )
            .unwrap();
        let a = t.elapsed();
        let t = Instant::now();
        engine.change(req(), RequestBooking { journal: JournalId(1), ..Default::default() }).unwrap();
        lotbook_engine::worker::run_waiting(&engine).unwrap();
        let b = t.elapsed();
        // raw
        let t = Instant::now();
        engine.store().write(|c| { c.execute("insert into movement (tenant, batch, line, effective_at, kind, product, variant, lot, from_location, to_location, from_account, to_account, from_pool, to_pool, quantity, amount, unit_cost, fallback_cost, sales_price, entered_count, entered_unit, journal, voucher, entry, org_unit, customer, supplier, reason, external_type, external_id, credit_type, credit_id, source_kind, source_identifier, description, reverses_batch, reverses_line) select 2, batch, line, effective_at, kind, product, variant, lot, from_location, to_location, from_account, to_account, from_pool, to_pool, quantity, amount, unit_cost, fallback_cost, sales_price, entered_count, entered_unit, journal, voucher, entry, org_unit, customer, supplier, reason, external_type, external_id, credit_type, credit_id, source_kind, source_identifier, description, reverses_batch, reverses_line from movement where tenant = 1 and batch = (select max(batch) from movement where tenant=1)", &[])?; Ok(()) }).unwrap();
        let raw = t.elapsed();
        println!(
            "{round}: create {a:?} book {b:?} raw(copy) {raw:?} ratio book {:.2} create {:.2}",
            raw.as_secs_f64() / b.as_secs_f64(),
            raw.as_secs_f64() / a.as_secs_f64()
        );
        let rss = std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .filter(|l| l.starts_with("VmHWM"))
            .collect::<String>();
        println!("{rss}");
    }
    engine.start();
    // small auto-book vouchers, 64 in flight
    let t = Instant::now();
    let total = 6000u64;
    let mut hs = vec![];
    for w in 0..64u64 {
        let engine = engine.clone();
        hs.push(std::thread::spawn(move || {
            let mut lat = vec![];
            for k in 0..(total / 64) {
                let t0 = Instant::now();
                let v: VoucherCreated = serde_json::from_str(
                    &engine
                        .run(
                            req(),
                            Command::CreateVoucher(CreateVoucher { journal: JournalId(2), ..Default::default() }),
                        )
                        .unwrap(),
                )
                .unwrap();
                let entries = (0..5)
                    .map(|i| {
                        let x = (w * 7919 + k * 104729 + i * 31) as i64;
                        EntryDraft {
                            org_unit: Some(LocationId(1)),
                            effective_at: Some(now()),
                            product: Some(ProductId(1 + x % 1000)),
                            location: Some(LocationId(101 + (x / 1000) % 10)),
                            count: Some(Quantity(-1_000_000)),
                            ..Default::default()
                        }
                    })
                    .collect();
                let r: EntriesCreated = serde_json::from_str(
                    &engine
                        .run(
                            req(),
                            Command::CreateEntries(CreateEntries {
                                voucher: VoucherId(v.id),
                                entries,
                                ..Default::default()
                            }),
                        )
                        .unwrap(),
                )
                .unwrap();
                assert_eq!(r.booking.unwrap().result_code, 1);
                lat.push(t0.elapsed());
            }
            lat
        }));
    }
    let mut lat: Vec<_> = hs.into_iter().flat_map(|h| h.join().unwrap()).collect();
    lat.sort();
    let s = t.elapsed().as_secs_f64();
    println!(
        "vouchers/s {:.0} p50 {:?} p99 {:?} max {:?} figures {:?}",
        lat.len() as f64 / s,
        lat[lat.len() / 2],
        lat[lat.len() * 99 / 100],
        lat.last().unwrap(),
        engine.write_figures()
    );
    let b =
        engine.read(|c| c.one("select max(batch) from movement where tenant = 1", &[], |r| r.int(0))).unwrap().unwrap();
    let template: Vec<_> = engine
        .read(|c| lotbook_engine::table::movement::of_batch(c, TenantId(1), BatchId(b), None))
        .unwrap()
        .into_iter()
        .map(|x| x.1)
        .take(5)
        .collect();
    let d = lotbook_engine::raw::vouchers(engine.store(), &template, 0, 3000).unwrap();
    println!("raw one client: {:.0}/s ({} lines)", 3000.0 / d.as_secs_f64(), template.len());
    engine.stop();
}
