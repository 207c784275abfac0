//! Events for those who use [tracing](https://docs.rs/tracing), where the feature of that name is on.
//!
//! Nothing else changes with the feature: a run takes only what it can give back.

#[cfg(not(feature = "tracing"))]
mod nobody;
#[cfg(feature = "tracing")]
mod spans;

#[cfg(all(feature = "tokio", not(feature = "tracing")))]
pub(crate) use nobody::Caller;
#[cfg(not(feature = "tracing"))]
pub(crate) use nobody::{Spans, database, hears_statements, hears_waiting, tell};
#[cfg(all(feature = "tokio", feature = "tracing"))]
pub(crate) use spans::Caller;
#[cfg(feature = "tracing")]
pub(crate) use spans::{Spans, database, hears_statements, hears_waiting, tell};
