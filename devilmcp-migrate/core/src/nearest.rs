//! A word that is not known -> the known one that was probably meant.

/// The one of `known` that `word` is most likely a misspelling of; none if it is like none of them. Of several that are as
/// near, the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearby(word, known).into_iter().next()
}

/// Those of `known` that `word` may be a misspelling of, the most likely first.
///
/// Near is measured in letters that are to be changed: one for up to five, and one more for every three after that, as rustc
/// does. Case counts for nothing, as in SQLite.
pub fn nearby<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let length = word.chars().count();
    // Where every letter is another, nothing of the word is left.
    let most = (length.max(3) / 3).min(length.saturating_sub(1));
    let is_as_long = |name: &&str| name.chars().count().abs_diff(length) <= most;
    let known = known.into_iter().filter(is_as_long);
    let mut near: Vec<_> = known.map(|name| (distance(word, name), name)).filter(|(far, _)| *far <= most).collect();
    near.sort_by_key(|(far, _)| *far);
    near.into_iter().map(|(_, name)| name).collect()
}

/// The fewest letters to insert, delete or replace, or neighbours to exchange, to make one of the other: Damerau and
/// Levenshtein's distance, where no letter is changed twice.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    let mut above = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(above[j - 2] + 1);
            }
            next.push(least);
        }
        above = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_damerau_and_levenshtein() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("users", "USERS", 0),
            ("usres", "users", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
            ("größe", "grösse", 2),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_is_found_and_the_rest_is_not() {
        let known = ["user", "users", "posts", "id", "a"];
        assert_eq!(nearest("usres", known), Some("users"));
        assert_eq!(nearest("Posts", known), Some("posts"));
        assert_eq!(nearest("di", known), Some("id"));
        for word in ["", "b", "poems", "written", "if it is long, it may be wrong in many letters"] {
            assert_eq!(nearest(word, known), None, "{word}");
        }
    }

    #[test]
    fn of_several_the_first_is_taken() {
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
        assert_eq!(nearest("hat", ["cat", "hat", "HAT"]), Some("hat"));
        assert_eq!(nearby("form", ["for", "from", "Form", "forum", "where"]), ["Form", "for", "from", "forum"]);
    }
}
