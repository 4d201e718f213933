//! Figures: what was measured, what the database does by itself, and what was aimed at.

use std::time::Duration;

use serde::Serialize;

/// What was measured.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// On which database.
    pub database: String,
    /// In which workload.
    pub workload: &'static str,
    /// What it is.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// What it is compared with: the same work done by the database alone, rows written without reading
    /// or deciding anything; of a longer history, the shorter one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<f64>,
    /// How the value stands to the raw one, or to another that is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What was aimed at, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether it was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_reached: Option<bool>,
}

impl Figure {
    /// A figure on its own.
    pub fn new(workload: &'static str, name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            database: String::new(),
            workload,
            name: name.into(),
            value,
            unit,
            raw: None,
            ratio: None,
            target: None,
            is_reached: None,
        }
    }

    /// A time in milliseconds.
    pub fn ms(workload: &'static str, name: impl Into<String>, took: Duration) -> Self {
        Self::new(workload, name, took.as_secs_f64() * 1e3, "ms")
    }

    /// The raw figure, and how fast the value is beside it.
    #[must_use]
    pub fn beside(self, raw: f64, ratio: f64) -> Self {
        Self { raw: Some(raw), ratio: Some(ratio), ..self }
    }

    /// How the value stands to another that is told beside it.
    #[must_use]
    pub fn ratio_to(self, ratio: f64) -> Self {
        Self { ratio: Some(ratio), ..self }
    }

    /// Aims at a ratio of at least this.
    #[must_use]
    pub fn ratio_at_least(mut self, least: f64) -> Self {
        self.is_reached = self.ratio.map(|ratio| ratio >= least);
        self.target = Some(format!("ratio ≥ {least}"));
        self
    }

    /// Aims at a ratio of at most this.
    #[must_use]
    pub fn ratio_at_most(mut self, most: f64) -> Self {
        self.is_reached = self.ratio.map(|ratio| ratio <= most);
        self.target = Some(format!("ratio ≤ {most}"));
        self
    }

    /// Aims at a value below this.
    #[must_use]
    pub fn below(mut self, bound: f64) -> Self {
        self.is_reached = Some(self.value < bound);
        self.target = Some(format!("< {bound} {}", self.unit));
        self
    }

    /// A line for people.
    pub fn line(&self) -> String {
        let value = format!("{} {}", digits(self.value), self.unit);
        let raw = self.raw.map_or_else(String::new, |raw| format!("raw {}", digits(raw)));
        let ratio = self.ratio.map_or_else(String::new, |ratio| format!("ratio {ratio:.2}"));
        let verdict = match self.is_reached {
            Some(true) => "pass",
            Some(false) => "MISS",
            None => "",
        };
        let target = self.target.as_deref().unwrap_or_default();
        let line = format!(
            "{:<10} {:<9} {:<46} {value:>16}  {raw:<12} {ratio:<11} {target:<12} {verdict}",
            self.database, self.workload, self.name
        );
        line.trim_end().to_owned()
    }
}

/// Three digits that matter, or all before the point.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Times of many calls.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Adds those of others.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that so many of a thousand do not exceed; 0 of none.
    pub fn permille(&mut self, permille: usize) -> Duration {
        self.0.sort_unstable();
        let at = (self.0.len() * permille / 1_000).min(self.0.len().saturating_sub(1));
        self.0.get(at).copied().unwrap_or_default()
    }

    /// The middle one.
    pub fn median(&mut self) -> Duration {
        self.permille(500)
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.0.iter().copied().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_reached_or_missed() {
        let figure = Figure::new("bulk", "create", 2.0, "s").beside(0.5, 0.25);
        assert_eq!(figure.clone().ratio_at_least(0.25).is_reached, Some(true));
        assert_eq!(figure.clone().ratio_at_least(0.3).is_reached, Some(false));
        assert_eq!(figure.clone().ratio_at_most(0.2).is_reached, Some(false));
        assert_eq!(figure.below(2.0).is_reached, Some(false));
    }

    #[test]
    fn times_are_ranked() {
        let mut times = Times::default();
        assert_eq!(times.permille(990), Duration::ZERO);
        (1..=200).rev().for_each(|ms| times.push(Duration::from_millis(ms)));
        assert_eq!(times.median(), Duration::from_millis(101));
        assert_eq!(times.permille(990), Duration::from_millis(199));
        assert_eq!(times.max(), Duration::from_millis(200));
    }
}
