//! Code that uses what the macro would have made: only the directory is reported.

devilmcp_migrate::migrations!("fixtures/ui/nowhere");

fn main() {
    let _ = (Version::ALL, Version::LATEST.number(), Version::LATEST.name(), "0001".parse::<Version>());
    let _ = (Version::try_from(1), Version::LATEST.to_string(), Version::LATEST > Version::ALL[0], &MIGRATIONS);
}
