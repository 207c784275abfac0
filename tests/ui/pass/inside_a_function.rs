//! Items may stand in a function, too.

fn main() {
    devilmcp_migrate::migrations!("fixtures/ui/clean_output");
    let _ = &MIGRATIONS;
    assert_eq!(Version::LATEST.number(), 2);
}
