//! A hook belongs to a migration that was renamed.

devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() {
    let _ = MIGRATIONS.migrator().after(Version::V0002Labels, |_| Ok(()));
}
