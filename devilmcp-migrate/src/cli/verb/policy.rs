//! The words for what is to be done about a database that is not as expected.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::policy::{Drift, Newer};

impl ValueEnum for Newer {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Refuse, Self::Accept, Self::Downgrade]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Refuse => "refuse",
            Self::Accept => "accept",
            Self::Downgrade => "downgrade",
        }))
    }
}

impl ValueEnum for Drift {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Report, Self::Refuse, Self::Ignore]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Report => "report",
            Self::Refuse => "refuse",
            Self::Ignore => "ignore",
        }))
    }
}
