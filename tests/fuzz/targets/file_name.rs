//! A name is one form of one migration, or refused with one that is.

use devilmcp_migrate_core::name::{Fault, Name};

pub(super) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Name::parse(text) {
        Ok(name) => assert_eq!(name.to_string(), text),
        Err(Fault::Form { meant }) => {
            let right = meant.to_string();
            assert_ne!(right, text);
            assert_eq!(Name::parse(&right), Ok(meant));
        }
        Err(_) => {}
    }
}
