//! A sequence -> the `Version` enum and the `MIGRATIONS` static.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::directive::Tool;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::prove::{Change, Proof};
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::SourceFile;
use devilmcp_migrate_core::standing::Standing;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use crate::choices::Choices;
use crate::locate::Directory;
use crate::{docs, traits};

/// All items of the module. Nothing in them depends on where it is generated.
pub(crate) fn items(
    sequence: &Sequence,
    proof: Option<&Proof>,
    beside: &[SourceFile],
    directory: &Directory,
    choices: Choices,
) -> TokenStream {
    let user_version = choices.user_version.variant();
    let scripts = sequence.scripts();
    let version = version(scripts, proof.map_or(&[], |proof| &proof.changes));
    let fingerprint = digest(proof.map_or(Digest::EMPTY, |proof| proof.fingerprint));
    let migrations = scripts.iter().map(migration);
    let adoption = adoption(&scripts[0], scripts);
    let place = place(directory);
    let tracked = scripts.iter().flat_map(Script::files).chain(beside).map(file_name);
    let watched = scripts.iter().flat_map(Script::files).map(file_name);
    quote! {
        #version

        /// The migrations, checked when this crate was compiled.
        pub static MIGRATIONS: ::devilmcp_migrate::Migrations<Version> =
            ::devilmcp_migrate::__private::v0::migrations(::devilmcp_migrate::__private::v0::Embedded {
                migrations: const {
                    // An import, so that each migration takes few tokens: there may be thousands.
                    use ::devilmcp_migrate::__private::v0::draft;
                    &[#(#migrations),*]
                },
                fingerprint: #fingerprint,
                adoption: #adoption,
                user_version: ::devilmcp_migrate::__private::v0::UserVersion::#user_version,
                app_version: ::core::option_env!("CARGO_PKG_VERSION"),
                watched: if ::core::cfg!(debug_assertions) {
                    ::core::option::Option::Some(::devilmcp_migrate::__private::v0::Watched {
                        directory: #place,
                        files: const { &[#(#watched),*] },
                    })
                } else {
                    ::core::option::Option::None
                },
            });

        ::devilmcp_migrate::__private::v0::track!(#place, #(#tracked),*);
    }
}

fn version(scripts: &[Script], changes: &[Vec<Change>]) -> TokenStream {
    let names: Vec<Ident> = scripts.iter().map(variant_name).collect();
    let variants = scripts.iter().zip(&names).enumerate().map(|(at, (script, name))| {
        let text = docs::variant(script, changes.get(at).map_or(&[], Vec::as_slice));
        let number = Literal::i64_unsuffixed(script.number.get());
        quote! { #[doc = #text] #name = #number }
    });
    let slugs = scripts.iter().map(|script| script.slug.as_str());
    let latest = names.last();
    let (derives, traits) = (traits::derived(), traits::version());
    quote! {
        /// The versions of the database, oldest first: one for each migration.
        #[derive(#derives)]
        #[repr(i64)]
        pub enum Version {
            #(#variants),*
        }

        impl Version {
            /// Every version, oldest first.
            pub const ALL: &'static [Self] = &[#(Self::#names),*];

            /// The newest version.
            pub const LATEST: Self = Self::#latest;

            /// The migration's number.
            #[must_use]
            pub const fn number(self) -> i64 {
                self as i64
            }

            /// The migration's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    #(Self::#names => #slugs),*
                }
            }
        }

        #traits
    }
}

fn migration(script: &Script) -> TokenStream {
    let number = Literal::i64_unsuffixed(script.number.get());
    let (name, up) = (&script.slug, &*script.up.text);
    let down = script.down.iter().map(|down| &*down.text);
    let [digest, history] = [script.digest, script.history].map(|digest| Literal::byte_string(&digest.0));
    let locked = match script.standing {
        Standing::Draft => None,
        Standing::Locked => Some(quote! { .locked() }),
    };
    let mode = match script.mode() {
        Mode::Plain => None,
        Mode::Enforced => Some(quote! { Enforced }),
        Mode::Alone => Some(quote! { Alone }),
    };
    let mode = mode.map(|mode| quote! { .run_in(::devilmcp_migrate::__private::v0::Mode::#mode) });
    quote! { draft(#number, #name, #up, &[#(#down),*], #digest, #history) #locked #mode }
}

fn digest(digest: Digest) -> TokenStream {
    let bytes = Literal::byte_string(&digest.0);
    quote! { ::devilmcp_migrate::__private::v0::Digest(*#bytes) }
}

/// What databases that existed before may be taken for.
fn adoption(first: &Script, scripts: &[Script]) -> TokenStream {
    let baseline = first.directives.baseline.is_some();
    let revisions = scripts.iter().flat_map(|script| {
        script.directives.revisions.iter().map(|revision| {
            let number = Literal::i64_unsuffixed(script.number.get());
            let id = &revision.id;
            match revision.tool {
                Tool::Alembic => quote! { (#id, #number) },
            }
        })
    });
    quote! {
        ::devilmcp_migrate::__private::v0::Adoption { baseline: #baseline, alembic: const { &[#(#revisions),*] } }
    }
}

fn file_name(file: &SourceFile) -> &str {
    file.path.rsplit('/').next().unwrap_or_default()
}

/// An expression for where the directory is.
fn place(directory: &Directory) -> TokenStream {
    if directory.in_manifest {
        let path = format!("/{}", directory.shown);
        quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path) }
    } else {
        let path = directory.path.display().to_string();
        quote! { #path }
    }
}

/// `V0007AddTags`
fn variant_name(script: &Script) -> Ident {
    let words = script.slug.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    format_ident!("V{}{}", script.number.to_string(), words.collect::<String>(), span = Span::call_site())
}
