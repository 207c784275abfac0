//! Whatever history is squashed, wherever a database stands: it ends as without the squash, or is refused as it is.

use devilmcp_migrate::rusqlite::Connection;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::choices::Choices;
use super::config;
use super::histories::History;
use super::resuming::with_rows;
use crate::directory::{Any, program};
use crate::squashing::{Crate, contents, same_for_a_database_at};

proptest! {
    // A case is two calls of the program, and as many databases as there are migrations.
    #![proptest_config(Config { max_shrink_iters: 64, ..config() })]

    #[test]
    fn a_squash_is_noticed_by_nobody_who_is_past_it(mut choices in Choices::strategy(1000), mut values in Choices::strategy(600)) {
        let ups = with_rows(&History::generate(&mut choices), &mut values);
        prop_assume!(ups.len() > 1);
        let names: Vec<String> = (1..=ups.len()).map(|number| format!("{number:04}_m.sql")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(ups.iter().map(String::as_str)).collect();
        let old = Crate::with(&files);
        prop_assert_eq!(old.run("lock --shipped").code, 0, "{:#?}", ups);
        let new = Crate::copy_of(&old.directory());
        let through = 2 + values.below(ups.len() - 1);
        let told = new.run(&format!("squash --through {through}"));
        // After the largest rowid, SQLite chooses at random.
        prop_assume!(!told.stderr.contains("others in every run"));
        if told.stderr.contains("keeps what cannot be written down") {
            prop_assert!(ups.iter().any(|up| up.to_ascii_lowercase().contains("create virtual table")), "{:#?}", ups);
            prop_assert_eq!(old.all(), new.all());
            return Ok(());
        }
        prop_assert_eq!(told.code, 0, "{}{:#?}", told.stderr, ups);
        let (old, new) = (program(&old.directory()), program(&new.directory()));
        let [through, last] = [through, ups.len()].map(|number| i64::try_from(number).unwrap());
        // What leaves rows that point at nothing is refused by any release.
        let [mut conn, mut another] = [(); 2].map(|()| Connection::open_in_memory().unwrap());
        prop_assume!((1..=last).all(|to| old.upgrade_to(&mut conn, Any(to)).is_ok()));
        // What comes after the squash is not tried for being the same in every run.
        prop_assume!(old.upgrade(&mut another).is_ok() && contents(&conn) == contents(&another));
        for from in 0..=last {
            same_for_a_database_at(&old, &new, through, from);
        }
    }
}
