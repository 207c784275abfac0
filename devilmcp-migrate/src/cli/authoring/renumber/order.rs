//! Which number each migration is to have; decided without a file being touched.

use devilmcp_migrate_core::name::Number;

/// A migration as its file names say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) number: Number,
    pub(super) slug: String,
    /// Databases know it by its number.
    pub(super) is_locked: bool,
}

impl Named {
    /// `0007_add_tags`, as messages name it.
    pub(super) fn label(&self) -> String {
        format!("{}_{}", self.number, self.slug)
    }
}

/// What cannot be decided, and what to say about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undecided {
    pub(super) what: String,
    pub(super) help: String,
}

/// The new number of each of `all`, which stand in the order of their numbers and names. Locked ones keep theirs; the others come after
/// them, in the order that they have, but for those that are `moved`: these come after the migration numbered `after`, or last.
/// A number that would be a timestamp is not smaller than `now`.
pub(super) fn numbers(
    all: &[Named],
    moved: &[usize],
    after: Option<Number>,
    now: Number,
) -> Result<Vec<Number>, Undecided> {
    if let Some(locked) = moved.iter().map(|&at| &all[at]).find(|named| named.is_locked) {
        let what = format!("{} is locked, and keeps its number", locked.label());
        return Err(Undecided { what, help: "databases know it by that number: renumber the other one".to_owned() });
    }
    let last_locked = all.iter().filter(|named| named.is_locked).map(|named| named.number).max();
    let drafts = || (0..all.len()).filter(|at| !all[*at].is_locked);
    let mut order: Vec<usize> = drafts().filter(|at| !moved.contains(at)).collect();
    // Of those behind what is locked, nobody knows which branch they come from.
    let is_tie = |pair: &&[usize]| all[pair[0]].number == all[pair[1]].number;
    if let Some(&[one, other]) = order.windows(2).find(is_tie) {
        let [one, other] = [&all[one], &all[other]].map(Named::label);
        let what = format!("neither {one} nor {other} is locked: nothing says which of them comes first");
        return Err(Undecided {
            what,
            help: format!("name the one that comes later: `devilmcp-migrate renumber {other}`"),
        });
    }
    let at = match after {
        Some(after) if last_locked.is_some_and(|last| after < last) => {
            let what = format!("a migration that is not locked cannot come after {after}, for later ones are locked");
            let help = "databases that are past its place would never run it: leave --after away".to_owned();
            return Err(Undecided { what, help });
        }
        Some(after) if Some(after) == last_locked => 0,
        Some(after) => {
            let place = order.iter().position(|at| all[*at].number == after);
            let undecided = || Undecided {
                what: format!("there is no migration {after} that stays where it is"),
                help: "let --after name one that is there and is not moved itself".to_owned(),
            };
            place.ok_or_else(undecided)? + 1
        }
        None => order.len(),
    };
    order.splice(at..at, moved.iter().copied());
    let mut numbers: Vec<Number> = all.iter().map(|named| named.number).collect();
    let mut last = last_locked;
    for at in order {
        let next = last.map_or(Some(Number::FIRST), |last| Number::new(last.get().saturating_add(1)));
        let next = next.unwrap_or(Number::FIRST);
        numbers[at] = match all[at].number {
            own if !own.is_timestamp() => next,
            own if last.is_none_or(|last| own > last) => own,
            _ => next.max(now),
        };
        last = Some(numbers[at]);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Migrations as `7a` or, locked, `7a!`, and what becomes of them.
    fn settled(all: &str, moved: &[usize], after: Option<i64>) -> Result<String, String> {
        let named = |text: &str| {
            let is_locked = text.ends_with('!');
            let text = text.trim_end_matches('!');
            let (number, slug) = text.split_at(text.len() - 1);
            Named { number: Number::new(number.parse().unwrap()).unwrap(), slug: slug.to_owned(), is_locked }
        };
        let all: Vec<Named> = all.split(' ').map(named).collect();
        let now = Number::new(20_260_101_000_000).unwrap();
        let numbers = numbers(&all, moved, after.and_then(Number::new), now).map_err(|undecided| undecided.what)?;
        let mut named: Vec<(Number, &str)> =
            numbers.into_iter().zip(all.iter().map(|named| named.slug.as_str())).collect();
        named.sort();
        Ok(named.into_iter().map(|(number, slug)| format!("{}{slug}", number.get())).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn what_is_locked_keeps_its_number_and_the_others_come_after_it_in_their_order() {
        assert_eq!(settled("1a! 2b! 2c 3d", &[], None), Ok("1a 2b 3c 4d".to_owned()));
        assert_eq!(settled("1a! 2b! 2x 3c! 3y", &[], None), Ok("1a 2b 3c 4x 5y".to_owned()));
        assert_eq!(settled("1a 2b", &[], None), Ok("1a 2b".to_owned()));
        assert_eq!(
            settled("20250101000000a 20250102000000b! 20250103000000c", &[], None).unwrap(),
            "20250102000000b 20260101000000a 20260101000001c"
        );
    }

    #[test]
    fn one_that_is_named_comes_last_or_where_it_is_put() {
        assert_eq!(settled("1a! 2b 2c 3d", &[2], None), Ok("1a 2b 3d 4c".to_owned()));
        assert_eq!(settled("1a! 2b 2c 3d", &[2], Some(2)), Ok("1a 2b 3c 4d".to_owned()));
        assert_eq!(settled("1a! 2b 2c 3d", &[1], Some(1)), Ok("1a 2b 3c 4d".to_owned()));
        assert_eq!(settled("1a 2b 2c 3d 3e", &[2, 4], None), Ok("1a 2b 3d 4c 5e".to_owned()));
    }

    #[test]
    fn what_nobody_can_know_is_not_guessed() {
        let refused = |all, moved: &[usize], after| settled(all, moved, after).unwrap_err();
        assert!(refused("1a! 2b 2c", &[], None).contains("neither 0002_b nor 0002_c is locked"));
        assert!(refused("1a! 1b", &[0], None).contains("0001_a is locked, and keeps its number"));
        assert!(refused("1a! 2b! 2c", &[2], Some(1)).contains("cannot come after 0001"));
        assert!(refused("1a! 2c", &[1], Some(2)).contains("there is no migration 0002 that stays"));
    }
}
