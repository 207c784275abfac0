//! Problems -> compiler errors and warnings.

use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::{render, watch};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::call::Call;
use crate::locate::{Directory, Watched};

/// An item for each problem, which makes rustc say it.
pub(crate) fn problems(problems: &[Problem], span: Span) -> impl Iterator<Item = TokenStream> + '_ {
    problems.iter().map(move |problem| {
        let text = render::plain(problem);
        if problem.is_error() { syn::Error::new(span, text).to_compile_error() } else { warning(&text, span) }
    })
}

/// An item by which rustc says that there is more text than a program can hold.
pub(crate) fn too_long(span: Span) -> TokenStream {
    syn::Error::new(span, "the migrations are longer than 4 GiB").to_compile_error()
}

/// A warning if no build script watches the directory: then a new file would go unnoticed until something else changes.
pub(crate) fn unwatched(call: &Call, directory: &Directory) -> Option<TokenStream> {
    let shown = &directory.shown;
    let help = match directory.watched {
        Watched::No if directory.in_manifest => {
            format!("give the crate a build.rs with `fn main() {{ {} }}`", watch::line(shown))
        }
        Watched::TooEarly => "it was not there when build.rs was run: save build.rs anew".to_owned(),
        Watched::Yes | Watched::No => return None,
    };
    Some(warning(&format!("cargo does not notice new files in `{shown}`: {help}"), call.span()))
}

/// On stable, a macro can only warn through something else that rustc warns about.
fn warning(text: &str, span: Span) -> TokenStream {
    quote_spanned! {span=>
        const _: () = {
            #[deprecated(note = #text)]
            const WARNING: () = ();
            WARNING
        };
    }
}
