//! Names with a `*` or `?` in them.

/// Whether a file name fits a pattern, in which `*` stands for any letters and `?` for one. A `*` that failed is tried with one letter
/// more, and only the last one has to be: what came before has fitted.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while from < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((stop, taken)) = star else { return false };
                star = Some((stop, taken + 1));
                (at, from) = (stop + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, names) in [
            ("*", ["", "a", "a.db"]),
            ("*.db", [".db", "a.db", "a.db.db"]),
            ("tenant-*.db", ["tenant-.db", "tenant-ä.db", "tenant-1.db.db"]),
            ("?.db", ["ä.db", "?.db", "*.db"]),
            ("a*b*c", ["abc", "axbxc", "abbcbc"]),
            ("**", ["", "a", "ab"]),
        ] {
            assert!(names.into_iter().all(|name| fits(pattern, name)), "{pattern}");
        }
        for (pattern, names) in [
            ("", ["a", "*", " "]),
            ("*.db", ["a.db-wal", "db", "a.DB"]),
            ("?.db", [".db", "ab.db", ""]),
            ("a*b*c", ["acb", "ab", "xabc"]),
        ] {
            assert!(!names.into_iter().any(|name| fits(pattern, name)), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!fits(&"*a".repeat(40), &"a".repeat(39)));
        assert!(fits(&"*a".repeat(40), &"ba".repeat(400)));
    }
}
