//! The grammar of the call: `migrations!("directory", lints(name = "level"))`.

use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token, parenthesized};

/// What was typed.
pub(crate) struct Call {
    directory: LitStr,
    levels: Levels,
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
        let mut levels = Levels::default();
        if take_comma(input)? && input.peek(Ident) {
            levels = lints(input)?;
            take_comma(input)?;
        }
        if !input.is_empty() {
            return Err(input.error("migrations! takes the directory and lints(..), and nothing else: delete this"));
        }
        Ok(Self { directory, levels })
    }
}

fn take_comma(input: ParseStream<'_>) -> syn::Result<bool> {
    let comma: Option<Token![,]> = input.parse()?;
    Ok(comma.is_some())
}

/// `lints(name = "level", …)`: the default levels, but for these. All that is wrong with them is said at once.
fn lints(input: ParseStream<'_>) -> syn::Result<Levels> {
    let word: Ident = input.parse()?;
    if word != "lints" {
        let text =
            format!("migrations! takes no `{word}`, only lints(..): migrations!(\"migrations\", lints({EXAMPLE}))");
        return Err(syn::Error::new(word.span(), text));
    }
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
