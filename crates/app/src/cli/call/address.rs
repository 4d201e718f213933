//! Addresses as people type them: without `/v1/` in front, with spaces and letters of all kinds.

use std::fmt::Write;

/// The address of a path: `balances` and `v1/balances` are `/v1/balances`. What an address cannot hold is encoded;
/// what is encoded stays as it is.
pub fn of(typed: &str) -> String {
    let typed = typed.trim();
    let mut address = String::from(if typed.starts_with('/') {
        ""
    } else if typed.starts_with("v1/") {
        "/"
    } else {
        "/v1/"
    });
    for letter in typed.chars() {
        let is_plain =
            letter.is_ascii_graphic() && !matches!(letter, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '#');
        if is_plain { address.push(letter) } else { encode(letter, &mut address) }
    }
    address
}

/// Adds parameters to an address.
pub fn add(address: &mut String, pairs: &[(&str, &str)]) {
    for (name, value) in pairs {
        address.push(if address.contains('?') { '&' } else { '?' });
        for (at, part) in [name, value].into_iter().enumerate() {
            if at > 0 {
                address.push('=');
            }
            for letter in part.chars() {
                let is_plain =
                    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | '~' | '/' | ':' | ',');
                if is_plain { address.push(letter) } else { encode(letter, address) }
            }
        }
    }
}

fn encode(letter: char, address: &mut String) {
    let mut bytes = [0; 4];
    for byte in letter.encode_utf8(&mut bytes).bytes() {
        write!(address, "%{byte:02X}").expect("a text takes what is written to it");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_typed_as_people_do() {
        for (typed, want) in [
            ("balances", "/v1/balances"),
            ("v1/balances?product=C-110", "/v1/balances?product=C-110"),
            ("/v1/locations/Shelf A/Käse", "/v1/locations/Shelf%20A/K%C3%A4se"),
            ("lots/a%2Fb#1", "/v1/lots/a%2Fb%231"),
            ("/healthz", "/healthz"),
        ] {
            assert_eq!(of(typed), want);
        }
    }

    #[test]
    fn parameters_are_encoded_and_follow_each_other() {
        let mut address = of("balances");
        add(&mut address, &[("product", "A&B = 1+1"), ("asOf", "2026-01-31T10:00:00+01:00")]);
        assert_eq!(address, "/v1/balances?product=A%26B%20%3D%201%2B1&asOf=2026-01-31T10:00:00%2B01:00");
    }
}
