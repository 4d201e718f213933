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

/// The next ULID of the same millisecond: its random part, and one more. `None` = that was the last one.
pub fn next(random: [u8; 10]) -> Option<[u8; 10]> {
    let mut next = random;
    for byte in next.iter_mut().rev() {
        let (more, is_over) = byte.overflowing_add(1);
        *byte = more;
        if !is_over {
            return Some(next);
        }
    }
    None
}

/// A random UUID as text, for names that nobody chose.
pub fn uuid(random: [u8; 16]) -> String {
    let mut bits = u128::from_be_bytes(random);
    bits = (bits & !(0xF << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let text = format!("{bits:032x}");
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &text[part]).join("-")
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

    #[test]
    fn ulids_of_one_millisecond_follow_each_other() {
        let now = Time(1_600_000_000_000_000);
        for random in [[0; 10], [7; 10], [0, 0, 0, 0, 0, 0, 0, 0, 255, 255]] {
            let next = next(random).unwrap();
            assert!(format(now, random) < format(now, next), "{random:?}");
        }
        assert_eq!(next([0xFF; 10]), None);
    }

    #[test]
    fn a_uuid_says_that_it_is_random() {
        assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid([0xFF; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
