//! The machine that figures were taken on: without it they say nothing.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::figure::Times;

/// What the figures depend on beside the program.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    cores: usize,
    cpu: String,
    kernel: String,
    memory_mib: u64,
    /// How long the disk takes to keep four KiB for good, in microseconds: the median of 50.
    flush_us: u64,
    /// Whether the program was built for speed.
    is_release: bool,
    /// The databases.
    pub databases: Vec<String>,
}

impl Machine {
    /// This machine; the disk is the one that has this directory.
    pub fn look(directory: &Path) -> Self {
        let first_value = |file: &str, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            text.lines()
                .find_map(|line| line.split_once(':').filter(|(key, _)| key.trim() == name))
                .map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
        };
        let memory = first_value("/proc/meminfo", "MemTotal");
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            cpu: first_value("/proc/cpuinfo", "model name"),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            memory_mib: memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024,
            flush_us: flush(directory).map_or(0, |took| took.as_micros() as u64),
            is_release: !cfg!(debug_assertions),
            databases: Vec::new(),
        }
    }

    /// A line for people.
    pub fn line(&self) -> String {
        let build = if self.is_release { "" } else { ", a DEBUG BUILD" };
        format!(
            "{} cores of {}, {} MiB, Linux {}, a flush takes {} µs, {}{build}",
            self.cores,
            self.cpu,
            self.memory_mib,
            self.kernel,
            self.flush_us,
            self.databases.join(", ")
        )
    }
}

fn flush(directory: &Path) -> std::io::Result<Duration> {
    let path = directory.join(format!("lotbook_flush_{}", std::process::id()));
    let mut file = fs::File::create(&path)?;
    let mut times = Times::default();
    let outcome = (0..50).try_for_each(|_| {
        file.write_all(&[7; 4096])?;
        let started = Instant::now();
        file.sync_data()?;
        times.push(started.elapsed());
        Ok(())
    });
    fs::remove_file(&path)?;
    outcome.map(|()| times.median())
}

/// The memory that this process holds, in MiB; 0 where the system does not tell.
pub fn resident_mib() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = text.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Watches how much memory this process holds at most.
pub struct MemoryWatch {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<f64>,
}

impl MemoryWatch {
    /// Begins to look, every five milliseconds.
    pub fn begin() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut most = resident_mib();
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
                most = most.max(resident_mib());
            }
            most
        });
        Self { stop, thread }
    }

    /// Ends, and answers the most it saw in MiB.
    pub fn end(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or(0.0)
    }
}

/// The time that this process has spent on all cores together; zero where the system does not tell.
pub fn cpu_time() -> Duration {
    // Hundredths of a second, as Linux has told them for ever: user, then system, after the name in brackets.
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
