//! A letter in Latin-1, and code that uses the migration: only the letter is reported.

devilmcp_migrate::migrations!("fixtures/ui/latin_1");

fn main() {
    let _ = (Version::V0002Colours, Version::LATEST, &MIGRATIONS);
}
