//! The structure of a database as a diagram: tables with their columns and keys, foreign keys between them, views apart.
//!
//! [`Diagram::of`] reads it from the texts that SQLite keeps, without running anything of a database; [`Diagram::between`] also
//! says what has changed since another one. What is drawn holds nothing that is not printable, whatever the names are.

pub mod dot;
pub mod html;
pub mod layout;
pub mod mermaid;
mod model;
mod read;
pub mod svg;
mod table;
mod text;

pub use model::{Change, Column, Diagram, Reference, Role, Sort, Table, View};
