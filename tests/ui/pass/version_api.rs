//! All that a `Version` can do.

#![deny(warnings)]

use std::collections::{BTreeSet, HashSet};

use devilmcp_migrate::{UnknownVersion, Versioned};

devilmcp_migrate::migrations!("fixtures/ui/clean_output");

const LATEST: i64 = Version::LATEST.number();
static NAME: &str = Version::V0001Notes.name();

fn generic<V: Versioned + Copy + Ord>() -> Option<V> {
    V::ALL.iter().copied().max()
}

fn main() -> Result<(), UnknownVersion> {
    let (notes, tags) = (Version::V0001Notes, Version::V0002Tags);
    assert_eq!((LATEST, NAME), (2, "notes"));
    assert_eq!(Version::ALL, &[notes, tags]);
    assert_eq!(Version::LATEST, tags);
    assert_eq!(generic(), Some(tags));
    assert_eq!((notes.number(), tags.name(), tags.to_string().as_str()), (1, "tags", "0002_tags"));
    for text in ["2", "0002", "0002_tags"] {
        assert_eq!(text.parse::<Version>()?, tags, "{text}");
    }
    assert_eq!(Version::try_from(1)?, notes);
    for text in ["", "3", "0002_notes", "two", "-1"] {
        assert!(text.parse::<Version>().is_err(), "{text}");
    }
    assert!(Version::try_from(0).is_err() && Version::try_from(i64::MAX).is_err());
    assert!(notes < tags && notes.max(tags) == tags);
    assert_eq!(HashSet::from([notes, tags, notes]).len(), 2);
    assert_eq!(BTreeSet::from([tags, notes]).first(), Some(&notes));
    assert_eq!(format!("{notes:?}"), "V0001Notes");
    match tags {
        Version::V0001Notes => unreachable!(),
        Version::V0002Tags => Ok(()),
    }
}
