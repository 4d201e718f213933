//! Faults of a booking as HTML that is safe to show: whatever users entered is escaped.

use std::fmt::{self, Write};

/// At most so many faults are listed; a client shows them to a person.
pub const FAULTS_MAX: usize = 100;

/// A fault's text is cut after so many characters, since it may quote what was entered.
const FAULT_CHARS_MAX: usize = 1_000;

/// A text, printed with everything escaped that HTML gives a meaning, in elements and attributes.
/// Control characters other than tab and line ends are left out.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_char(c)?,
                c if c.is_control() => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// The first faults as a list, then how many more there are; empty where there is none.
///
/// `total` counts all faults, also those that `faults` does not bring.
pub fn fault_list<T: AsRef<str>>(faults: impl IntoIterator<Item = T>, total: usize) -> String {
    let mut html = String::new();
    let mut listed = 0;
    for fault in faults.into_iter().take(FAULTS_MAX) {
        let text = fault.as_ref();
        let end = text.char_indices().nth(FAULT_CHARS_MAX).map(|(end, _)| end);
        let (text, more) = end.map_or((text, ""), |end| (&text[..end], "…"));
        write!(html, "<li>{}{more}</li>", Escaped(text)).expect("writing to a string cannot fail");
        listed += 1;
    }
    if total > listed {
        write!(html, "<li>… and {} more</li>", total - listed).expect("writing to a string cannot fail");
    }
    if html.is_empty() { html } else { format!("<ul>{html}</ul>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_entered_is_markup() {
        for (text, want) in [
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            (r#"" onload="x" & more"#, "&quot; onload=&quot;x&quot; &amp; more"),
            ("&lt;", "&amp;lt;"),
            ("Müller 日本 ✓", "Müller 日本 ✓"),
            ("a\0b\u{1b}[31m\tc\n", "ab[31m\tc\n"),
        ] {
            assert_eq!(Escaped(text).to_string(), want);
        }
    }

    #[test]
    fn a_list_of_faults_is_bounded() {
        assert_eq!(fault_list(Vec::<String>::new(), 0), "");
        assert_eq!(fault_list(["a <b>", "c"], 2), "<ul><li>a &lt;b&gt;</li><li>c</li></ul>");
        assert_eq!(fault_list(["a"], 8), "<ul><li>a</li><li>… and 7 more</li></ul>");
        let many = fault_list((0..5_000).map(|n| format!("fault {n}")), 5_000);
        assert_eq!(many.matches("<li>").count(), FAULTS_MAX + 1);
        assert!(many.ends_with("<li>fault 99</li><li>… and 4900 more</li></ul>"));
        assert!(fault_list(["<".repeat(100_000)], 1).len() < 5_000);
    }
}
