//! `lotbook serve`

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use super::{Common, Failure, house};
use crate::app::{App, Options};
use crate::demo;
use crate::http::listen;

/// After the server has ended, reads that still run have so long.
const LAST_READS: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or Ctrl-C, then finishes what runs.
#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 takes one that is free
    #[arg(long, value_name = "ADDRESS:PORT", env = "LOTBOOK_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Fill an empty database with a webshop that has some weeks behind it
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
            listen::serve(listener, App::new(engine.clone(), options), signal).await;
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
