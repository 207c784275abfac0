//! Code that uses what the macro makes: only the migration is reported.

devilmcp_migrate::migrations!("fixtures/ui/use_beside_a_broken_migration");

fn main() {
    let _ = (Version::V0001Notes, Version::V0002Tags);
    let _ = (Version::ALL, Version::LATEST.number(), Version::LATEST.name(), "0001".parse::<Version>());
    let _ = (Version::try_from(1), Version::LATEST.to_string(), Version::LATEST > Version::ALL[0], &MIGRATIONS);
}
