//! A misspelt name between two good ones, and code that uses all three: only the name is reported.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_in_the_middle");

fn main() {
    let _ = [Version::V0001Notes, Version::V0002Tags, Version::V0003More];
}
