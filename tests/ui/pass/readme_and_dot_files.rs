//! What may stand beside migrations.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/readme_and_dot_files");

fn main() {
    assert_eq!(Version::ALL, [Version::V0001Notes]);
}
