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

use crate::locate::Directory;
use crate::{docs, traits};

/// All items of the module. Nothing in them depends on where it is generated.
pub(crate) fn items(
    sequence: &Sequence,
    proof: Option<&Proof>,
    beside: &[SourceFile],
    directory: &Directory,
) -> TokenStream {
    let scripts = sequence.scripts();
    let version = version(scripts, proof.map_or(&[], |proof| &proof.changes));
    let fingerprint = digest(proof.map_or(Digest::EMPTY, |proof| proof.fingerprint));
    let migrations = scripts.iter().map(migration);
    let adoption = adoption(&scripts[0], scripts);
    let tracked = scripts.iter().flat_map(Script::files).chain(beside).map(|file| tracked(file, directory));
    let watched = watched(scripts, directory);
    quote! {
        #version

        /// The migrations, checked when this crate was compiled.
        pub static MIGRATIONS: ::devilmcp_migrate::Migrations<Version> =
            ::devilmcp_migrate::__private::v0::migrations(::devilmcp_migrate::__private::v0::Embedded {
                migrations: const { &[#(#migrations),*] },
                fingerprint: #fingerprint,
                adoption: #adoption,
                app_version: ::core::option_env!("CARGO_PKG_VERSION"),
                watched: #watched,
            });

        #(#tracked)*
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
    let name = &script.slug;
    let up = &*script.up.text;
    let down = if let Some(down) = &script.down {
        let text = &*down.text;
        quote! { ::core::option::Option::Some(#text) }
    } else {
        quote! { ::core::option::Option::None }
    };
    let (digest, history) = (digest(script.digest), digest(script.history));
    let standing = match script.standing {
        Standing::Draft => quote! { Draft },
        Standing::Locked => quote! { Locked },
    };
    let mode = match script.mode() {
        Mode::Plain => quote! { Plain },
        Mode::Enforced => quote! { Enforced },
        Mode::Alone => quote! { Alone },
    };
    quote! {
        ::devilmcp_migrate::__private::v0::Migration {
            number: #number, name: #name, up: #up, down: #down, digest: #digest, history: #history,
            standing: ::devilmcp_migrate::__private::v0::Standing::#standing,
            mode: ::devilmcp_migrate::__private::v0::Mode::#mode,
        }
    }
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

/// Makes the compiler depend on a file, so that a change to it rebuilds the crate.
fn tracked(file: &SourceFile, directory: &Directory) -> TokenStream {
    let path = in_crate(&file.path, directory);
    quote! { const _: &[u8] = ::core::include_bytes!(#path); }
}

/// The directory and its files, for the check at start-up in a debug build.
fn watched(scripts: &[Script], directory: &Directory) -> TokenStream {
    let path = in_crate(&directory.shown, directory);
    let names = scripts.iter().flat_map(Script::files).map(|file| file.path.rsplit('/').next().unwrap_or_default());
    quote! {
        if ::core::cfg!(debug_assertions) {
            ::core::option::Option::Some(::devilmcp_migrate::__private::v0::Watched {
                directory: #path,
                files: const { &[#(#names),*] },
            })
        } else {
            ::core::option::Option::None
        }
    }
}

/// An expression for the path of something in the crate.
fn in_crate(path: &str, directory: &Directory) -> TokenStream {
    if directory.in_manifest {
        let path = format!("/{path}");
        quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path) }
    } else {
        let rest = path.strip_prefix(&directory.shown).unwrap_or_default();
        let path = format!("{}{rest}", directory.path.display());
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
