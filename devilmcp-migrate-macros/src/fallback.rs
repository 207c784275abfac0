//! What is emitted when there is nothing to emit: hollow items, so that one mistake does not become ten.

use proc_macro2::TokenStream;
use quote::quote;

use crate::traits;

/// `Version` and `MIGRATIONS` as other code expects them, but for the variants.
pub(crate) fn items() -> TokenStream {
    let (derives, traits) = (traits::derived(), traits::version());
    quote! {
        /// The versions of the database; none could be read.
        #[derive(#derives)]
        pub enum Version {
            #[doc(hidden)]
            Unreadable,
        }

        impl Version {
            /// Every version.
            pub const ALL: &'static [Self] = &[];
            /// The newest version.
            pub const LATEST: Self = Self::Unreadable;

            /// The migration's number.
            #[must_use]
            pub const fn number(self) -> i64 {
                0
            }

            /// The migration's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                ""
            }
        }

        #traits

        /// The migrations; none could be read.
        pub static MIGRATIONS: ::devilmcp_migrate::Migrations<Version> =
            ::devilmcp_migrate::__private::v0::migrations(::devilmcp_migrate::__private::v0::Embedded {
                migrations: &::devilmcp_migrate::__private::v0::Packed::EMPTY,
                past: &[],
                head: ::devilmcp_migrate::__private::v0::Digest([0; 32]),
                fingerprint: ::devilmcp_migrate::__private::v0::Digest([0; 32]),
                adoption: ::devilmcp_migrate::__private::v0::Adoption { baseline: false, revisions: &[] },
                summary: ::core::option::Option::None,
                sqlite: "",
                table: "",
                user_version: ::devilmcp_migrate::__private::v0::UserVersion::Migrations,
                app_version: ::core::option::Option::None,
                watched: ::core::option::Option::None,
            });
    }
}
