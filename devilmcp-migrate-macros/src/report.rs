//! Problems -> compiler errors and warnings.

use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::{render, watch};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::call::Call;
use crate::locate::Directory;

/// An item for each problem, which makes rustc say it.
pub(crate) fn problems(problems: &[Problem], span: Span) -> impl Iterator<Item = TokenStream> + '_ {
    problems.iter().map(move |problem| {
        let text = render::plain(problem);
        if problem.is_error() { syn::Error::new(span, text).to_compile_error() } else { warning(&text, span) }
    })
}

/// A warning if no build script watches the directory: then a new file would go unnoticed until something else changes.
pub(crate) fn unwatched(call: &Call, directory: &Directory) -> Option<TokenStream> {
    // Elsewhere it is a test harness that builds, without the crate's build script.
    let unwatched = directory.in_manifest && std::env::var_os(watch::variable(&call.directory())).is_none();
    unwatched.then(|| {
        let text = format!(
            "cargo does not notice new files in `{0}`: give the crate a build.rs with \
             `fn main() {{ devilmcp_migrate::build::watch(\"{0}\") }}`, and devilmcp-migrate as a build-dependency",
            directory.shown
        );
        warning(&text, call.span())
    })
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
