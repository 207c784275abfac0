//! What is tried with bytes of any kind. Each target asserts a law; whoever calls it looks for panics.

mod database;
mod directive;
mod file_name;
mod lock_file;
mod statements;
mod tampering;

/// What is tried, on these bytes.
type Target = fn(&[u8]);

/// Every target, by its name.
pub(crate) const ALL: [(&str, Target); 6] = [
    ("directive", directive::run),
    ("file_name", file_name::run),
    ("statements", statements::run),
    ("lock_file", lock_file::run),
    ("database", database::run),
    ("tampering", tampering::run),
];
