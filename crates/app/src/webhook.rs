//! Webhooks: the server itself tells others of batches, signed by the Standard Webhooks convention.
//!
//! `worker` finds who is to be told and takes turns with other servers; `target` knows addresses and
//! connections; `signature` signs. What people say of webhooks comes through `http/webhook.rs`.

pub mod signature;
pub mod target;
pub mod worker;

use std::time::Duration;

/// How the server delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Whether targets may be on this machine or in a private network.
    pub allows_private: bool,
    /// A receiver answers within this time.
    pub answer_time_max: Duration,
    /// After so many attempts a delivery is given up.
    pub attempts_max: u32,
    /// The pause after the first failure; each further one is four times as long …
    pub first_pause: Duration,
    /// … but not longer than this.
    pub longest_pause: Duration,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            allows_private: false,
            answer_time_max: Duration::from_secs(15),
            attempts_max: 12,
            first_pause: Duration::from_secs(5),
            longest_pause: Duration::from_hours(6),
        }
    }
}

/// How many times longer each pause is than the one before.
const PAUSE_TIMES: u32 = 4;

impl Habits {
    /// The pause after a number of failures in a row, made up to a tenth longer by `random`, so that
    /// receivers that failed together are not called together.
    pub fn pause(&self, failures: u32, random: u8) -> Duration {
        let times = PAUSE_TIMES.saturating_pow(failures.saturating_sub(1));
        let pause = self.first_pause.saturating_mul(times).min(self.longest_pause);
        pause + pause / 10 * u32::from(random) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let habits = Habits::default();
        let seconds: Vec<u64> = (1..=10).map(|failures| habits.pause(failures, 0).as_secs()).collect();
        assert_eq!(seconds, [5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600, 21_600]);
        assert_eq!(habits.pause(1, 255).as_millis(), 5_500);
        assert_eq!(habits.pause(u32::MAX, 0), habits.longest_pause);
    }
}
