//! What a call chooses beside the lints: `name = "word"`.

use devilmcp_migrate_core::layout::Layout;
use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

/// What was chosen, or what is so if nothing was.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Choices {
    pub(crate) user_version: UserVersion,
    pub(crate) layout: Layout,
}

/// Whose the field `user_version` of a database's header is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum UserVersion {
    #[default]
    Migrations,
    Application,
}

impl UserVersion {
    /// As the runtime calls it.
    pub(crate) fn variant(self) -> Ident {
        let name = match self {
            Self::Migrations => "Migrations",
            Self::Application => "Application",
        };
        Ident::new(name, Span::call_site())
    }

    /// What stands after `user_version`.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let expected = "expected whose the field `user_version` of a database is: \
                        user_version = \"application\", or \"migrations\", as it is by itself";
        let wrong = |error: syn::Error| syn::Error::new(error.span(), expected);
        input.parse::<Token![=]>().map_err(wrong)?;
        let word: LitStr = input.parse().map_err(wrong)?;
        match word.value().as_str() {
            "migrations" => Ok(Self::Migrations),
            "application" => Ok(Self::Application),
            _ => Err(syn::Error::new(word.span(), expected)),
        }
    }
}

/// The layout that stands after `layout`.
pub(crate) fn layout(input: ParseStream<'_>) -> syn::Result<Layout> {
    let expected = "expected the tool that the directory was written for: layout = \"sqlx\"";
    let wrong = |error: syn::Error| syn::Error::new(error.span(), expected);
    input.parse::<Token![=]>().map_err(wrong)?;
    let word: LitStr = input.parse().map_err(wrong)?;
    Layout::named(&word.value()).map_err(|text| syn::Error::new(word.span(), text))
}
