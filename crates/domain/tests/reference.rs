//! The reference page of expressions lists what the program knows.
//!
//! With `LOTBOOK_WRITE_REFERENCE=1` the test writes the page anew instead of comparing it.

use lotbook_domain::expression::function;

#[test]
fn the_page_lists_the_functions() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/expressions.md");
    let page = std::fs::read_to_string(path).expect("the page is part of the repository");
    let (before, rest) = page.split_once("<!-- functions -->\n").expect("the page says where its table begins");
    let (_, after) = rest.split_once("<!-- end of functions -->").expect("and where it ends");
    let want = format!("{before}<!-- functions -->\n{}<!-- end of functions -->{after}", function::reference());
    if std::env::var_os("LOTBOOK_WRITE_REFERENCE").is_some() {
        std::fs::write(path, want).expect("the page can be written");
    } else {
        assert_eq!(page, want, "run this test with LOTBOOK_WRITE_REFERENCE=1 to write docs/reference/expressions.md");
    }
}
