fn main() {
    devilmcp_migrate::build::watch("migrations");
}
