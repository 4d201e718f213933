//! `lotbook serve`

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use super::{Common, Failure, house};
use crate::app::{App, Options};
use crate::clock;
use crate::demo;
use crate::http::listen;
use crate::mqtt;
use crate::scrub;
use crate::webhook::{Habits, worker};

/// After the server has ended, reads that still run have so long.
const LAST_READS: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or Ctrl-C, then finishes what runs.
#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 takes one that is free
    #[arg(long, value_name = "ADDRESS:PORT", env = "LOTBOOK_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Fill an empty database with a webshop and a dairy plant that have some weeks behind them
    #[arg(long, env = "LOTBOOK_DEMO")]
    demo: bool,
    /// The password of the user admin of an empty database; else a random one is printed once
    #[arg(long, env = "LOTBOOK_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
    /// The largest body of a request, in MiB
    #[arg(long, value_name = "MIB", env = "LOTBOOK_BODY_LIMIT", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..=4096))]
    body_limit: u32,
    /// The longest time that a request may take, in seconds
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_REQUEST_TIMEOUT", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    request_timeout: u32,
    /// After how many seconds without a request a connection is closed
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_IDLE_TIMEOUT", default_value_t = 75, value_parser = clap::value_parser!(u32).range(1..))]
    idle_timeout: u32,
    /// How many requests a second are taken from one token
    #[arg(long, value_name = "N", env = "LOTBOOK_REQUESTS_PER_SECOND", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_second: u32,
    /// Take the caller's address and scheme from X-Forwarded-For and X-Forwarded-Proto; only behind a
    /// proxy that sets them
    #[arg(long, env = "LOTBOOK_TRUST_PROXY")]
    trust_proxy: bool,
    /// Verify the ledger beside the work, slowly and again and again; GET /v1/integrity tells what was found
    #[arg(long, env = "LOTBOOK_SCRUB")]
    scrub: bool,
    /// How many rows are verified a second
    #[arg(long, value_name = "N", env = "LOTBOOK_SCRUB_RATE", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    scrub_rate: u64,
    /// The pause after the whole ledger was verified, in seconds
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_SCRUB_PAUSE", default_value_t = 3_600, value_parser = clap::value_parser!(u32).range(1..))]
    scrub_pause: u32,
    /// Let webhooks call addresses of this machine and of private networks
    #[arg(long, env = "LOTBOOK_WEBHOOK_PRIVATE")]
    webhook_private: bool,
    /// After so many attempts a webhook's delivery is given up
    #[arg(long, value_name = "N", env = "LOTBOOK_WEBHOOK_ATTEMPTS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100))]
    webhook_attempts: u32,
    /// The pause after a webhook's first failure, in seconds; each further one is four times as long
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_WEBHOOK_PAUSE", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    webhook_pause: u32,
    /// The longest pause between two attempts, in seconds
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_WEBHOOK_PAUSE_MAX", default_value_t = 21_600, value_parser = clap::value_parser!(u32).range(1..=604_800))]
    webhook_pause_max: u32,
    /// How long the receiver of a webhook may take to answer, in seconds
    #[arg(long, value_name = "SECONDS", env = "LOTBOOK_WEBHOOK_TIMEOUT", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=300))]
    webhook_timeout: u32,
}

impl Serve {
    /// Serves, and comes back when the server has ended.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let options = Options {
            body_bytes_max: self.body_limit as usize * (1 << 20),
            request_time_max: Duration::from_secs(u64::from(self.request_timeout)),
            header_time_max: Duration::from_secs(u64::from(self.idle_timeout)),
            requests_per_second: self.requests_per_second,
            trusts_forwarded: self.trust_proxy,
            scrub: self.scrub.then(|| scrub::Pace {
                rows_per_second: self.scrub_rate,
                pause: Duration::from_secs(u64::from(self.scrub_pause)),
            }),
            webhooks: Habits {
                allows_private: self.webhook_private,
                answer_time_max: Duration::from_secs(u64::from(self.webhook_timeout)),
                attempts_max: self.webhook_attempts,
                first_pause: Duration::from_secs(u64::from(self.webhook_pause)),
                longest_pause: Duration::from_secs(u64::from(self.webhook_pause_max)),
            },
        };
        let admin_password = self.admin_password.filter(|password| !password.is_empty());
        let engine = house::open(common, admin_password.as_deref())?;
        engine.start();
        if self.demo && !demo::fill(&engine)? {
            eprintln!("the database is not empty, so it gets no demo data");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let served = runtime.block_on(async {
            let signal = listen::signal()?;
            let listener = TcpListener::bind(&self.listen).await.map_err(|error| {
                Failure(format!("cannot listen on {}: {error}; choose another with --listen", self.listen))
            })?;
            announce(listener.local_addr()?)?;
            let app = App::new(engine.clone(), options);
            if let Some(pace) = app.options.scrub.clone() {
                scrub::start(app.clone(), pace);
            }
            let telling = tokio::spawn(worker::run(app.clone()));
            let listening = tokio::spawn(mqtt::worker::run(app.clone()));
            let looking = tokio::spawn(clock::run(app.clone()));
            listen::serve(listener, app, signal).await;
            // It was told to stop, and notes what it has delivered.
            if telling.await.is_err() {
                tracing::error!("the webhooks' worker panicked");
            }
            if listening.await.is_err() {
                tracing::error!("the MQTT worker panicked");
            }
            if looking.await.is_err() {
                tracing::error!("the clock of triggers panicked");
            }
            Ok(())
        });
        // Nothing asks the engine any more; what it was told, it finishes.
        runtime.shutdown_timeout(LAST_READS);
        engine.stop();
        served
    }
}

/// The one line that programs wait for. Whoever does not read it is served all the same.
fn announce(address: SocketAddr) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match writeln!(out, "listening on http://{address}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
