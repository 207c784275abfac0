//! A hook ends the transaction that it runs in.

devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() {
    let _ = MIGRATIONS.migrator().after(Version::V0002Tags, |sql| {
        sql.commit()?;
        Ok(())
    });
}
