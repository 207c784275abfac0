//! The macro where a value belongs.

fn main() {
    let migrations = devilmcp_migrate::migrations!("fixtures/ui/path_only");
}
