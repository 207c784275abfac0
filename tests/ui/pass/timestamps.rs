//! Timestamps as numbers: they only have to grow.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/timestamps");

fn main() {
    assert_eq!(Version::V20261122210600Tags.number(), 20_261_122_210_600);
    assert_eq!(Version::V20261122210600Tags.to_string(), "20261122210600_tags");
    assert_eq!("20251105120000".parse(), Ok(Version::V20251105120000Notes));
    assert!(Version::V20251105120000Notes < Version::LATEST);
}
