//! What a call chooses beside the lints: `name = "word"`.

use devilmcp_migrate_core::history;
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::schema::HISTORY_PREFIX;
use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

/// What was chosen, or what is so if nothing was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    pub(crate) user_version: UserVersion,
    pub(crate) layout: Layout,
    table: Option<String>,
}

impl Choices {
    /// The table that the history is kept in.
    pub(crate) fn table(&self) -> &str {
        self.table.as_deref().unwrap_or(HISTORY_PREFIX)
    }

    /// What stands after `table`.
    pub(crate) fn parse_table(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let expected = "expected the table in which the history is kept: table = \"_devilmcp_migrations_queue\"";
        let wrong = |error: syn::Error| syn::Error::new(error.span(), expected);
        input.parse::<Token![=]>().map_err(wrong)?;
        let name: LitStr = input.parse().map_err(wrong)?;
        history::check_name(&name.value()).map_err(|reason| syn::Error::new(name.span(), reason))?;
        self.table = Some(name.value());
        Ok(())
    }

    /// Whether both a table of its own and the field were asked for, of which there is one.
    pub(crate) fn wants_what_is_not_its_own(&self) -> bool {
        self.table.is_some() && matches!(self.user_version, UserVersion::Migrations)
    }

    /// Whose the field is. There is one, and it is that of the program's own history.
    pub(crate) fn user_version(&self) -> UserVersion {
        if self.table.is_some() { UserVersion::Application } else { self.user_version }
    }
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
