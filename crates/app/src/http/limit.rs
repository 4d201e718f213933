//! How often somebody may ask: a token bucket in one atomic number.
//!
//! The number is the time at which the bucket will be full again (the generic cell rate algorithm), so
//! that taking a token is one compare-and-swap and an idle bucket needs no refilling.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// So many buckets are kept; when there are more, the full ones are forgotten.
const BUCKETS_MAX: usize = 10_000;

/// A rate and how much of it may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    between: Duration,
    burst: u32,
}

impl Pace {
    /// So many in a span of time, all of them at once if need be.
    pub fn new(count: u32, span: Duration) -> Self {
        let count = count.max(1);
        Self { between: span / count, burst: count }
    }
}

/// What one caller has left.
#[derive(Debug, Default)]
pub struct Bucket {
    full_at_ns: AtomicU64,
}

impl Bucket {
    /// Takes one, or says how long to wait for it.
    pub fn take(&self, pace: Pace) -> Result<(), Duration> {
        self.take_at(pace, START.elapsed())
    }

    /// Whether one could be taken, without taking it.
    pub fn check(&self, pace: Pace) -> Result<(), Duration> {
        next(pace, self.full_at_ns.load(Ordering::Relaxed), START.elapsed()).map(|_| ())
    }

    fn take_at(&self, pace: Pace, now: Duration) -> Result<(), Duration> {
        let mut full_at = self.full_at_ns.load(Ordering::Relaxed);
        loop {
            let after = next(pace, full_at, now)?;
            match self.full_at_ns.compare_exchange_weak(full_at, after, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(changed) => full_at = changed,
            }
        }
    }

    fn is_full(&self, now: Duration) -> bool {
        u128::from(self.full_at_ns.load(Ordering::Relaxed)) <= now.as_nanos()
    }
}

/// When the bucket is full again after one more, or how long until there is one.
fn next(pace: Pace, full_at_ns: u64, now: Duration) -> Result<u64, Duration> {
    let full_at = Duration::from_nanos(full_at_ns).max(now) + pace.between;
    match full_at.saturating_sub(now).checked_sub(pace.between * pace.burst) {
        None | Some(Duration::ZERO) => Ok(u64::try_from(full_at.as_nanos()).unwrap_or(u64::MAX)),
        Some(wait) => Err(wait),
    }
}

/// Buckets by who asks.
#[derive(Debug)]
pub struct Buckets<K> {
    pace: Pace,
    by_key: Mutex<HashMap<K, Arc<Bucket>>>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Full buckets for everybody.
    pub fn new(pace: Pace) -> Self {
        Self { pace, by_key: Mutex::new(HashMap::new()) }
    }

    /// Takes one of `key`'s, or says how long to wait for it.
    pub fn take(&self, key: K) -> Result<(), Duration> {
        self.bucket(key).take(self.pace)
    }

    /// Whether one of `key`'s could be taken, without taking it.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        let buckets = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(key).map_or(Ok(()), |bucket| bucket.check(self.pace))
    }

    fn bucket(&self, key: K) -> Arc<Bucket> {
        let mut buckets = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            let now = START.elapsed();
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        Arc::clone(buckets.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let (bucket, pace) = (Bucket::default(), Pace::new(10, Duration::from_mins(1)));
        let at = Duration::from_secs;
        for _ in 0..10 {
            assert_eq!(bucket.take_at(pace, at(100)), Ok(()));
        }
        assert_eq!(bucket.take_at(pace, at(100)), Err(at(6)));
        assert_eq!(bucket.take_at(pace, at(104)), Err(at(2)));
        assert_eq!(bucket.take_at(pace, at(106)), Ok(()));
        assert!(bucket.take_at(pace, at(106)).is_err());
        for _ in 0..10 {
            assert_eq!(bucket.take_at(pace, at(1_000)), Ok(()));
        }
    }

    #[test]
    fn everybody_has_a_bucket() {
        let buckets = Buckets::new(Pace::new(1, Duration::from_mins(1)));
        assert!(buckets.take("a").is_ok() && buckets.take("b").is_ok());
        assert!(buckets.take("a").is_err() && buckets.check(&"a").is_err());
        assert!(buckets.check(&"c").is_ok());
    }
}
