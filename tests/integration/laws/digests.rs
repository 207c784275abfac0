//! A digest is that of the tokens: whatever else changes in a file, it stays; whichever token changes, it does not.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::source::SourceFile;
use proptest::collection::vec;
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::statements::statement;
use super::text::{filler, is_apart, spell};

/// The tokens of a script, with the `;` between its statements.
fn script(cases: Vec<Choices>) -> Vec<String> {
    let mut tokens = Vec::new();
    for mut choices in cases {
        let statement = statement(&mut choices);
        tokens.extend(statement.into_iter().map(|piece| spell(&[piece], &mut choices)));
        tokens.push(";".to_owned());
    }
    tokens.pop();
    tokens
}

/// The tokens in a file, with all the freedom that there is between them.
fn formatted(tokens: &[String], style: &mut Choices) -> String {
    let mut text = style.of(&["", "\u{feff}"]).to_owned();
    text.push_str(style.of(&["", "-- migrated; by hand\n", "\r\n", "/* ; */"]));
    for (at, token) in tokens.iter().enumerate() {
        let may_touch = at > 0 && is_apart(&tokens[at - 1], token);
        if at > 0 && !(may_touch && style.flag()) {
            text.push_str(&filler(style));
        }
        text.push_str(token);
    }
    text.push_str(style.of(&["", ";", " ;\n", "\n;; -- end", " /**/ ;\r\n"]));
    if style.flag() { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn formatting_never_counts(
        cases in vec(Choices::strategy(30), 0..4), mut one in Choices::strategy(200), mut other in Choices::strategy(200),
    ) {
        let tokens = script(cases);
        let [one, other] = [formatted(&tokens, &mut one), formatted(&tokens, &mut other)];
        prop_assert_eq!(Digest::of_script(&one), Digest::of_script(&other), "{}\n{}", one, other);
        let read = SourceFile::new("0001_a.sql", one.clone());
        prop_assert_eq!(Digest::of_script(&read.text), Digest::of_script(&one), "{}", one);
    }

    #[test]
    fn every_token_counts(
        cases in vec(Choices::strategy(30), 1..4), mut style in Choices::strategy(200), mut choices in Choices::strategy(4),
    ) {
        let tokens = script(cases);
        let mut changed = tokens.clone();
        let at = choices.below(tokens.len());
        match choices.below(6) {
            0 => drop(changed.remove(at)),
            1 => changed.insert(at, tokens[at].clone()),
            2 => changed.swap(at, (at + 1) % tokens.len()),
            3 => changed[at] = changed[at].chars().map(|letter| if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }).collect(),
            4 => changed.insert(at, ";".to_owned()),
            _ => changed[at] = format!("'{}'", tokens[at].replace('\'', "''")),
        }
        let end = |tokens: &[String]| tokens.iter().rposition(|token| token != ";").map_or(0, |last| last + 1);
        prop_assume!(changed[..end(&changed)] != tokens[..end(&tokens)]);
        let [one, other] = [formatted(&tokens, &mut style), formatted(&changed, &mut style)];
        prop_assert_ne!(Digest::of_script(&one), Digest::of_script(&other), "{}\n{}", one, other);
    }
}
