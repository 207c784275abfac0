//! The proof accepts what is right and refuses what is wrong.

use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::histories::{History, Migration};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_history_whose_ways_back_are_right_is_accepted(mut choices in Choices::strategy(1000), mut style in Choices::strategy(40)) {
        let history = History::generate(&mut choices);
        let problems = history.problems(&mut style);
        prop_assert!(problems.is_empty(), "{problems:#?}\n{history:#?}");
    }

    #[test]
    fn one_fault_in_one_way_back_is_refused(
        mut choices in Choices::strategy(1000), mut fault in Choices::strategy(4), mut style in Choices::strategy(40),
    ) {
        let mut history = History::generate(&mut choices);
        let at = fault.below(history.0.len());
        let right = history.after_way_back(at);
        let planted = history.0[at].spoil(&mut fault);
        prop_assume!(planted.is_some() && history.after_way_back(at) != right);
        let problems = history.problems(&mut style);
        let file = format!("migrations/{:04}_step", at + 1);
        let told = problems.iter().any(|problem| problem.is_error() && format!("{:?}", problem.place).contains(&file));
        prop_assert!(told, "{planted:?} in {file}: {problems:#?}\n{history:#?}");
    }
}

impl Migration {
    /// Spoils the way back, and says how; none if this one cannot be spoilt so.
    fn spoil(&mut self, fault: &mut Choices) -> Option<String> {
        match fault.below(4) {
            0 => {
                // Tables are empty here, so a copy that is forgotten is not seen.
                let schema: Vec<usize> =
                    (0..self.down.len()).filter(|at| !self.down[*at].starts_with("INSERT")).collect();
                Some(format!("forgot {}", self.down.remove(fault.of(&schema))))
            }
            1 if !self.untouched.is_empty() => {
                let too_much = fault.of(&self.untouched);
                self.down.push(too_much.clone());
                Some(too_much)
            }
            2 if !self.wrong.is_empty() => {
                let (at, instead) = fault.of(&self.wrong);
                Some(format!("{instead} for {}", std::mem::replace(&mut self.down[at], instead.clone())))
            }
            3 => {
                let left = fault.of(&["CREATE TABLE left_behind (a)", "CREATE VIEW left_behind AS SELECT 1"]);
                self.down.insert(fault.below(self.down.len()), left.to_owned());
                Some(left.to_owned())
            }
            _ => None,
        }
    }
}
