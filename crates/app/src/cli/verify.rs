//! `lotbook verify`

use clap::Args;
use lotbook_engine::tenant;
use lotbook_engine::verify::{Report, verify};
use serde::Serialize;

use super::{Common, Failure, bar, house};

/// Computes everything derived anew, with the hash chain, and compares. Ends with 1 on any difference.
#[derive(Args)]
pub struct Verify {
    /// The tenant; all of them when left out
    #[arg(long, value_name = "NAME", env = "LOTBOOK_TENANT")]
    tenant: Option<String>,
    /// Print one JSON document with the report of each tenant instead of tables
    #[arg(long, env = "LOTBOOK_VERIFY_JSON")]
    json: bool,
}

impl Verify {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = house::open_for_command(common)?;
        let tenants = match &self.tenant {
            Some(name) => vec![(house::tenant(&engine, name)?, name.clone())],
            None => engine.read(tenant::all)?,
        };
        let mut differences = 0;
        let mut documents = Vec::new();
        for (tenant, name) in tenants {
            let bar = bar::new(0, "rows");
            let report = verify(engine.store(), tenant, |progress| {
                bar.set_length(progress.total);
                bar.set_position(progress.done);
            })?;
            bar.finish_and_clear();
            differences += report.differences();
            if self.json {
                documents.push(Named { tenant: name, report });
            } else {
                print(&name, &report);
            }
        }
        if self.json {
            let document = Document { tenants: documents };
            println!("{}", serde_json::to_string(&document).map_err(|error| Failure(error.to_string()))?);
        }
        match differences {
            0 => Ok(()),
            1 => Err(Failure("1 difference; the ledger is not what its facts say".to_owned())),
            several => Err(Failure(format!("{several} differences; the ledger is not what its facts say"))),
        }
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Document {
    tenants: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    tenant: String,
    #[serde(flatten)]
    report: Report,
}

fn print(name: &str, report: &Report) {
    println!("tenant {name}: {} batches, {} movements, position {}", report.batches, report.movements, report.position);
    for check in &report.checks {
        let verdict = if check.differences == 0 { "ok".to_owned() } else { format!("{} WRONG", check.differences) };
        println!("{:<4} {verdict:<9} {:>10} {:<24} {}", check.invariant, check.checked, check.unit, check.statement);
        for difference in &check.named {
            println!("       {difference}");
        }
        for note in &check.notes {
            println!("       note: {note}");
        }
    }
}
