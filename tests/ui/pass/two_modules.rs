//! Two databases of one program.

#![deny(warnings)]

pub mod notes {
    devilmcp_migrate::migrations!("fixtures/ui/clean_output");
}

pub mod archive {
    devilmcp_migrate::migrations!("fixtures/ui/timestamps");
}

fn main() {
    assert_eq!(notes::Version::ALL.len(), archive::Version::ALL.len());
    assert_ne!(notes::Version::LATEST.number(), archive::Version::LATEST.number());
}
