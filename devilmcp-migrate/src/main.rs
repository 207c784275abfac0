//! `devilmcp-migrate`, for whoever writes migrations.

fn main() -> std::process::ExitCode {
    devilmcp_migrate::cli::author()
}
