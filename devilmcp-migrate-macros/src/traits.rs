//! The traits of `Version`, in terms of its own constants and functions.

use proc_macro2::TokenStream;
use quote::quote;

/// What every `Version` derives, by full paths: a derive of the same name may be in scope.
pub(crate) fn derived() -> TokenStream {
    quote! {
        ::core::clone::Clone, ::core::marker::Copy,
        ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash
    }
}

/// What every `Version` implements.
pub(crate) fn version() -> TokenStream {
    quote! {
        impl ::devilmcp_migrate::Versioned for Version {
            const ALL: &'static [Self] = Self::ALL;

            fn number(self) -> i64 {
                self.number()
            }

            fn name(self) -> &'static str {
                self.name()
            }
        }

        impl ::core::fmt::Debug for Version {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::devilmcp_migrate::__private::v0::debug(*self, f)
            }
        }

        impl ::core::fmt::Display for Version {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::write!(f, "{:04}_{}", self.number(), self.name())
            }
        }

        impl ::core::str::FromStr for Version {
            type Err = ::devilmcp_migrate::UnknownVersion;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::devilmcp_migrate::Versioned::parse(text)
            }
        }

        impl ::core::convert::TryFrom<i64> for Version {
            type Error = ::devilmcp_migrate::UnknownVersion;

            fn try_from(number: i64) -> ::core::result::Result<Self, Self::Error> {
                ::devilmcp_migrate::Versioned::from_number(number)
            }
        }
    }
}
