//! What was found out about directories, for as long as the process lives: an editor expands the macro at every keystroke.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::check::{Checked, Judged, Trust, check_layout};
use crate::layout::Layout;
use crate::lint::Levels;
use crate::stamp::Stamps;

/// What was found out about one directory.
struct Known {
    directory: PathBuf,
    shown: String,
    layout: Layout,
    levels: Levels,
    /// Of its files, before they were read.
    stamps: Stamps,
    checked: Arc<Checked>,
}

/// Of so many directories it is kept, and of each only the last.
const MOST: usize = 8;

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// What [`check_layout`] says of a directory, which is looked at again only if a file in it may have changed.
pub fn remembered(layout: Layout, directory: &Path, shown: &str, levels: Levels) -> Arc<Checked> {
    let is_it = |known: &Known| {
        known.directory == directory && known.shown == shown && known.layout == layout && known.levels == levels
    };
    let now = Stamps::take(directory);
    if let Some(known) = known().iter().find(|known| is_it(known) && Some(&known.stamps) == now.as_ref()) {
        return Arc::clone(&known.checked);
    }
    let stamps = now.and_then(|stamps| stamps.settled(directory));
    let checked = Arc::new(check_layout(layout, directory, shown, Judged::Unlocked, Trust::Taken, levels));
    let mut known = known();
    known.retain(|known| !is_it(known));
    if let Some(stamps) = stamps {
        let surplus = (known.len() + 1).saturating_sub(MOST);
        known.drain(..surplus);
        let (directory, shown) = (directory.to_owned(), shown.to_owned());
        known.push(Known { directory, shown, layout, levels, stamps, checked: Arc::clone(&checked) });
    }
    checked
}

fn known() -> MutexGuard<'static, Vec<Known>> {
    // Each entry is whole at every moment, so a panic elsewhere does not spoil them.
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::lint::{Level, Lint};

    #[test]
    fn what_is_remembered_is_what_is_there() {
        let directory = std::env::temp_dir().join(format!("devilmcp-migrate-remember-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let write = |name: &str, text: &str| fs::write(directory.join(name), text).unwrap();
        let titles = || -> Vec<String> {
            let checked = remembered(Layout::Own, &directory, "migrations", Levels::default());
            assert!(
                Arc::ptr_eq(&checked, &remembered(Layout::Own, &directory, "migrations", Levels::default())),
                "nothing has changed"
            );
            checked.problems.iter().map(|problem| problem.title.clone()).collect()
        };
        write("0001_a.sql", "CREATE TABLE a (b);");
        write("0001_a.down.sql", "DROP TABLE a;");
        assert_eq!(titles(), <[String; 0]>::default());
        // As many bytes as before, a moment later.
        write("0001_a.down.sql", "DROP TABLE b;");
        assert_eq!(titles().len(), 1);
        write("0001_a.down.sql", "DROP TABLE a;");
        write("0002_b.sql", "SELECT 1;");
        assert_eq!(titles().len(), 1);
        fs::remove_file(directory.join("0002_b.sql")).unwrap();
        assert_eq!(titles(), <[String; 0]>::default());
        write("schema.sql", "CREATE TABLE c (d);");
        assert_eq!(titles().len(), 1);
        fs::remove_file(directory.join("schema.sql")).unwrap();
        fs::remove_file(directory.join("0001_a.down.sql")).unwrap();
        let warned =
            remembered(Layout::Own, &directory, "migrations", Levels::default().with(Lint::MissingDown, Level::Warn));
        assert!(warned.proof.is_some() && titles().len() == 1, "other levels, another answer");
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(remembered(Layout::Own, &directory, "migrations", Levels::default()).problems.len(), 1);
    }
}
