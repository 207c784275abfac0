//! Migrations of which some files have the new number, and some the old one: whoever renamed them was killed.

use std::collections::HashSet;

use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::name::{Name, Number, Role};
use devilmcp_migrate_core::source::Entry;

/// Files that are apart from their migration, each with the number that it has.
#[derive(Debug, Default)]
pub(super) struct Halves(Vec<(Name, Number)>);

impl Halves {
    /// Files beside no migration of their name, where there is just one elsewhere that lacks such a file. Of what is locked, no file
    /// was renamed.
    pub(super) fn of(entries: &[Entry], lock: &Lock) -> Self {
        let names = entries.iter().map(|Entry { name, .. }| (name.number, name.slug.as_str(), name.role));
        let there: HashSet<(Number, &str, Role)> = names.collect();
        let home = |name: &Name| {
            let Name { number, slug, role } = name;
            if *role == Role::Up || there.contains(&(*number, slug, Role::Up)) {
                return None;
            }
            let is_home = |other: &&Name| {
                let is_apart = || !lock.has(other.number) && !there.contains(&(other.number, slug, *role));
                other.role == Role::Up && other.slug == *slug && is_apart()
            };
            let mut homes = entries.iter().map(|entry| &entry.name).filter(is_home);
            homes.next().filter(|_| homes.next().is_none()).map(|home| home.number)
        };
        Self(entries.iter().filter_map(|entry| Some((entry.name.clone(), home(&entry.name)?))).collect())
    }

    /// The number of the migration that the file belongs to.
    pub(super) fn home(&self, name: &Name) -> Number {
        self.0.iter().find(|(half, _)| half == name).map_or(name.number, |(_, home)| *home)
    }
}

#[cfg(test)]
mod tests {
    use devilmcp_migrate_core::source::SourceFile;

    use super::*;

    #[test]
    fn a_file_belongs_to_the_migration_of_its_name_that_lacks_it() {
        let homes = |names: &[&str]| -> Vec<i64> {
            let entry =
                |name: &&str| Entry { name: Name::parse(name).unwrap(), file: SourceFile::new(name, String::new()) };
            let entries: Vec<Entry> = names.iter().map(entry).collect();
            let halves = Halves::of(&entries, &Lock::default());
            entries.iter().map(|entry| halves.home(&entry.name).get()).collect()
        };
        assert_eq!(homes(&["0002_a.sql", "0002_a.down.sql", "0002_b.sql"]), [2, 2, 2]);
        assert_eq!(homes(&["0002_a.sql", "0002_b.sql", "0004_b.down.sql", "0004_b.given.sql"]), [2, 2, 2, 2]);
        assert_eq!(homes(&["0002_a.sql", "0002_b.then.sql", "0004_b.down.sql", "0004_b.sql"]), [2, 4, 4, 4]);
        assert_eq!(homes(&["0002_a.sql", "0002_a.down.sql", "0004_a.down.sql"]), [2, 2, 4]);
        assert_eq!(homes(&["0002_a.sql", "0003_a.sql", "0004_a.down.sql"]), [2, 3, 4]);
        assert_eq!(homes(&["0002_a.sql", "0003_a.sql", "0003_a.down.sql", "0004_a.down.sql"]), [2, 3, 3, 2]);
        assert_eq!(homes(&["0004_a.down.sql"]), [4]);
    }
}
