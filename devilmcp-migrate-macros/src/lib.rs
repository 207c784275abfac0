//! The macro of [`devilmcp-migrate`](https://docs.rs/devilmcp-migrate), which re-exports and documents it.

mod call;
mod choices;
mod docs;
mod expand;
mod fallback;
mod locate;
mod report;
#[cfg(test)]
mod tests;
mod traits;

use devilmcp_migrate_core::remember::remembered;
use proc_macro::TokenStream;

/// See the re-export in `devilmcp-migrate`, where the documentation is.
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    let found = syn::parse::<call::Call>(input).and_then(|call| Ok((locate::directory(&call)?, call)));
    let module = match found {
        Ok((directory, call)) => {
            let checked = remembered(call.choices().layout, &directory.path, &directory.shown, call.levels());
            let items = match &checked.sequence {
                Some(sequence) => {
                    let proof = checked.proof.as_ref();
                    expand::items(sequence, proof, &checked.beside, &directory, call.choices())
                        .unwrap_or_else(|| report::too_long(call.span()).into_iter().chain(fallback::items()).collect())
                }
                None => fallback::items(),
            };
            let problems = report::problems(&checked.problems, call.span());
            let unwatched = checked.proof.is_some().then(|| report::unwatched(&call, &directory)).flatten();
            problems.chain(unwatched).chain([items]).collect()
        }
        Err(error) => error.to_compile_error().into_iter().chain(fallback::items()).collect(),
    };
    proc_macro2::TokenStream::into(module)
}
