//! ULIDs: 48 bits of milliseconds and 80 random bits in 26 letters of Crockford's base 32.

use lotbook_domain::time::Time;

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The ULID of a time and ten random bytes.
pub fn format(now: Time, random: [u8; 10]) -> String {
    let mut bits: u128 = u128::from(now.0.div_euclid(1000).max(0).unsigned_abs() & 0xFFFF_FFFF_FFFF) << 80;
    for (at, byte) in random.iter().enumerate() {
        bits |= u128::from(*byte) << (72 - 8 * at);
    }
    (0..26).rev().map(|at| char::from(LETTERS[(bits >> (5 * at)) as usize & 31])).collect()
}

/// A ULID as it is kept, from any of its printed forms: dashes and case do not matter. `None` where it
/// is not one.
pub fn parse(text: &str) -> Option<String> {
    let plain: String =
        text.chars().filter(|letter| *letter != '-').map(|letter| letter.to_ascii_uppercase()).collect();
    let is_valid =
        plain.len() == 26 && plain.bytes().all(|letter| LETTERS.contains(&letter)) && plain.as_bytes()[0] <= b'7';
    is_valid.then_some(plain)
}

/// As people see it: 10-8-8.
pub fn print(uid: &str) -> String {
    match (uid.get(..10), uid.get(10..18), uid.get(18..26)) {
        (Some(time), Some(high), Some(low)) => format!("{time}-{high}-{low}"),
        _ => uid.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ulid_sorts_by_time_and_reads_back_from_its_printed_form() {
        let early = format(Time(1_600_000_000_000_000), [0xFF; 10]);
        let late = format(Time(1_600_000_000_001_000), [0; 10]);
        assert!(early < late);
        assert_eq!(early.len(), 26);
        assert_eq!(parse(&print(&early).to_lowercase()), Some(early));
        assert_eq!(parse("not-a-ulid"), None);
    }
}
