//! The grammar of the call: `migrations!("directory", lints(name = "level"), layout = "tool", user_version = "application",
//! table = "name")`.

use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token, parenthesized};

use crate::choices::{self, Choices, UserVersion};

/// What was typed.
pub(crate) struct Call {
    directory: LitStr,
    levels: Levels,
    choices: Choices,
}

impl Call {
    /// The directory as typed.
    pub(crate) fn directory(&self) -> String {
        self.directory.value()
    }

    /// The levels of the lints.
    pub(crate) fn levels(&self) -> Levels {
        self.levels
    }

    /// What else was chosen.
    pub(crate) fn choices(&self) -> &Choices {
        &self.choices
    }

    /// Where carets go.
    pub(crate) fn span(&self) -> Span {
        self.directory.span()
    }
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let expected =
            "expected the migrations directory as a string, relative to the crate: migrations!(\"migrations\")";
        if !input.peek(LitStr) {
            return Err(syn::Error::new(input.span(), expected));
        }
        let directory: LitStr = input.parse()?;
        if directory.value().trim().is_empty() {
            return Err(syn::Error::new(directory.span(), expected));
        }
        let (mut levels, mut choices) = (Levels::default(), Choices::default());
        let mut said: Vec<Ident> = Vec::new();
        while take_comma(input)? && input.peek(Ident) {
            let word: Ident = input.parse()?;
            if said.contains(&word) {
                return Err(syn::Error::new(word.span(), format!("`{word}` is said above already: delete one")));
            }
            match word.to_string().as_str() {
                "lints" => levels = lints(&word, input)?,
                "layout" => choices.layout = choices::layout(input)?,
                "user_version" => choices.user_version = UserVersion::parse(input)?,
                "table" => choices.parse_table(input)?,
                _ => return Err(unknown(&word)),
            }
            said.push(word);
        }
        let field = said.iter().find(|word| *word == "user_version");
        if let Some(word) = field.filter(|_| choices.wants_what_is_not_its_own()) {
            let text = "the field `user_version` is the program's own history's: one that has a table of its own keeps all that it knows \
                        there. Delete this";
            return Err(syn::Error::new(word.span(), text));
        }
        if !input.is_empty() {
            let text = "migrations! takes the directory, lints(..), layout, user_version and table, and nothing else: delete this";
            return Err(input.error(text));
        }
        Ok(Self { directory, levels, choices })
    }
}

fn take_comma(input: ParseStream<'_>) -> syn::Result<bool> {
    let comma: Option<Token![,]> = input.parse()?;
    Ok(comma.is_some())
}

fn unknown(word: &Ident) -> syn::Error {
    let text = format!(
        "migrations! takes no `{word}`, only lints(..), layout = \"sqlx\", user_version = \"application\" and \
         table = \"name\": \
         migrations!(\"migrations\", lints({EXAMPLE}))"
    );
    syn::Error::new(word.span(), text)
}

/// `(name = "level", …)`: the default levels, but for these. All that is wrong with them is said at once.
fn lints(word: &Ident, input: ParseStream<'_>) -> syn::Result<Levels> {
    let form = format!("expected the levels of lints: lints({EXAMPLE})");
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(word.span(), form));
    }
    let inner;
    parenthesized!(inner in input);
    let mut levels = Levels::default();
    let mut chosen: Vec<Lint> = Vec::new();
    let mut wrong: Option<syn::Error> = None;
    while !inner.is_empty() {
        let name: Ident = inner.parse().map_err(|error| syn::Error::new(error.span(), &form))?;
        let form = format!("expected the level of `{name}`: {name} = \"deny\", \"warn\" or \"allow\"");
        inner.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), &form))?;
        let level: LitStr = inner.parse().map_err(|error| syn::Error::new(error.span(), &form))?;
        match choice(&name, &level, &chosen) {
            Ok((lint, level)) => {
                levels = levels.with(lint, level);
                chosen.push(lint);
            }
            Err(error) => match &mut wrong {
                Some(wrong) => wrong.combine(error),
                None => wrong = Some(error),
            },
        }
        if !take_comma(&inner)? && !inner.is_empty() {
            return Err(inner.error("expected a comma between two lints"));
        }
    }
    wrong.map_or(Ok(levels), Err)
}

/// `name = "level"`
fn choice(name: &Ident, level: &LitStr, chosen: &[Lint]) -> syn::Result<(Lint, Level)> {
    let lint = Lint::named(&name.to_string()).map_err(|text| syn::Error::new(name.span(), text))?;
    let level = Level::named(&level.value()).map_err(|text| syn::Error::new(level.span(), text))?;
    if chosen.contains(&lint) {
        return Err(syn::Error::new(name.span(), format!("the level of `{name}` is chosen above already: delete one")));
    }
    Ok((lint, level))
}

const EXAMPLE: &str = "unindexed_foreign_key = \"deny\"";
