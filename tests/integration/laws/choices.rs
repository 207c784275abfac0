//! Decisions that were made beforehand, so that generators are plain functions and their cases still shrink.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

/// A list of decisions; where it ends, the first and simplest choice is always taken.
#[derive(Clone)]
pub(super) struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    /// As many decisions as a case may need.
    pub(super) fn strategy(most: usize) -> impl Strategy<Value = Self> {
        vec(any::<u16>(), 0..most).prop_map(|values| Self(values.into_iter()))
    }

    /// None: everything is as simple as it gets.
    pub(super) fn none() -> Self {
        Self(Vec::new().into_iter())
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end
    }

    pub(super) fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == odds - 1
    }

    pub(super) fn flag(&mut self) -> bool {
        self.one_in(2)
    }

    pub(super) fn of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Something, now and then.
    pub(super) fn maybe<T: Clone>(&mut self, odds: usize, items: &[T]) -> Option<T> {
        self.one_in(odds).then(|| self.of(items))
    }
}

/// Short, and such that it can be put back into a test.
impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Choices(vec!{:?}.into_iter())", self.0.as_slice())
    }
}
