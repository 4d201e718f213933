//! The stories, told by the domain alone.

use lotbook_story::memory::Memory;

#[test]
fn the_domain_tells_every_story() {
    lotbook_story::tell_all("in memory", |_| Memory::new());
}
