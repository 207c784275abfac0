//! The grammar of the call: `migrations!("directory")`.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// What was typed.
pub(crate) struct Call {
    directory: LitStr,
}

impl Call {
    /// The directory as typed.
    pub(crate) fn directory(&self) -> String {
        self.directory.value()
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
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            return Err(input.error("migrations! takes the directory and nothing else: delete this"));
        }
        Ok(Self { directory })
    }
}
