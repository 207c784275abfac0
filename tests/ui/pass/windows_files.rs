//! Files with CRLF line ends, and files with a byte-order mark.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/windows_files");

fn main() -> Result<(), devilmcp_migrate::Error> {
    let conn = MIGRATIONS.open_in_memory()?;
    let body: String = conn.query_row("SELECT body FROM notes", [], |row| row.get(0)).unwrap();
    assert_eq!(body, "two\nlines");
    Ok(())
}
