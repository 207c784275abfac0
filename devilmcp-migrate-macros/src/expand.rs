//! A sequence -> the `Version` enum and the `MIGRATIONS` static.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Released;
use devilmcp_migrate_core::name::variant;
use devilmcp_migrate_core::packed::Literals;
use devilmcp_migrate_core::prove::{Change, Proof, Summary};
use devilmcp_migrate_core::revision::Revision;
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{self, SourceFile};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::choices::Choices;
use crate::locate::{Directory, Watched};
use crate::{docs, traits};

/// All items of the module. Nothing in them depends on where it is generated. None if there is too much of it.
pub(crate) fn items(
    sequence: &Sequence,
    proof: Option<&Proof>,
    beside: &[SourceFile],
    directory: &Directory,
    choices: &Choices,
) -> Option<TokenStream> {
    let summary = summary(proof.and_then(|proof| proof.summary.as_ref()));
    let sqlite = devilmcp_migrate_core::sqlite_version();
    let (table, user_version) = (choices.table(), choices.user_version().variant());
    let scripts = sequence.scripts();
    let packed = packed(scripts)?;
    let version = version(scripts, proof.map_or(&[], |proof| &proof.changes), &packed);
    let head = digest(scripts.last().map_or(Digest::EMPTY, |last| last.history));
    let fingerprint = digest(proof.map_or(Digest::EMPTY, |proof| proof.fingerprint));
    let past = past(&scripts[0]);
    let adoption = adoption(&scripts[0], scripts);
    let file_name = |file| source::within(file, &directory.shown);
    let place = place(directory);
    // What cargo watches the compiler need not look at, too: to it each file is a macro of its own.
    let tracked = (directory.watched != Watched::Yes).then(|| {
        let files = scripts.iter().flat_map(Script::files).chain(beside).map(file_name);
        quote! { ::devilmcp_migrate::__private::v0::track!(#place, #(#files),*); }
    });
    let listed = beside.iter().filter(|file| listing::is_listed(file_name(file)));
    let watched: Vec<&str> = scripts.iter().flat_map(Script::files).chain(listed).map(file_name).collect();
    let watched = watched.join("\n");
    Some(quote! {
        #version

        /// The migrations, checked when this crate was compiled.
        pub static MIGRATIONS: ::devilmcp_migrate::Migrations<Version> =
            ::devilmcp_migrate::__private::v0::migrations(::devilmcp_migrate::__private::v0::Embedded {
                migrations: Version::__packed(),
                past: #past,
                head: #head,
                fingerprint: #fingerprint,
                adoption: #adoption,
                summary: #summary,
                sqlite: #sqlite,
                table: #table,
                user_version: ::devilmcp_migrate::__private::v0::UserVersion::#user_version,
                app_version: ::core::option_env!("CARGO_PKG_VERSION"),
                watched: if ::core::cfg!(debug_assertions) {
                    ::core::option::Option::Some(::devilmcp_migrate::__private::v0::Watched {
                        directory: #place,
                        files: #watched,
                    })
                } else {
                    ::core::option::Option::None
                },
            });

        #tracked
    })
}

/// The data of the migrations, three literals whatever their number.
fn packed(scripts: &[Script]) -> Option<TokenStream> {
    let Literals { text, rows, numbers } = Literals::of(scripts.iter().map(Script::migration))?;
    let [rows, numbers] = [rows, numbers].map(|bytes| Literal::byte_string(&bytes));
    Some(quote! { ::devilmcp_migrate::__private::v0::Packed::new(#text, #rows, #numbers) })
}

fn version(scripts: &[Script], changes: &[Vec<Change>], packed: &TokenStream) -> TokenStream {
    let names: Vec<Ident> = scripts.iter().map(variant_name).collect();
    let variants = scripts.iter().zip(&names).enumerate().map(|(at, (script, name))| {
        let text = docs::variant(script, changes.get(at).map_or(&[], Vec::as_slice));
        quote! { #[doc = #text] #name }
    });
    let latest = names.last();
    let (derives, traits) = (traits::derived(), traits::version());
    quote! {
        /// The versions of the database, oldest first: one for each migration.
        #[derive(#derives)]
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
                Self::__packed().number(self as usize)
            }

            /// The migration's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                Self::__packed().name(self as usize)
            }

            const fn __packed() -> &'static ::devilmcp_migrate::__private::v0::Packed {
                // Of a static there is one, whoever refers to it.
                static PACKED: ::devilmcp_migrate::__private::v0::Packed = #packed;
                &PACKED
            }
        }

        #traits
    }
}

/// What makes a new database in one go.
fn summary(summary: Option<&Summary>) -> TokenStream {
    let Some(Summary { last, sql }) = summary else { return quote! { ::core::option::Option::None } };
    let (last, sql) = (Literal::i64_unsuffixed(last.get()), &**sql);
    quote! {
        ::core::option::Option::Some(::devilmcp_migrate::__private::v0::Summary { last: #last, sql: #sql })
    }
}

/// What databases have instead of the first migration, if that stands for others.
fn past(first: &Script) -> TokenStream {
    let past = first.stands_for.iter().map(|Released { number, slug, up, .. }| {
        let (number, digest) = (Literal::i64_unsuffixed(number.get()), Literal::byte_string(&up.0));
        quote! { past(#number, #slug, #digest) }
    });
    if first.stands_for.is_empty() {
        return quote! { &[] };
    }
    quote! {
        const {
            use ::devilmcp_migrate::__private::v0::past;
            &[#(#past),*]
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
        script.directives.revisions.iter().map(|Revision { tool, id, checksums }| {
            let number = Literal::i64_unsuffixed(script.number.get());
            let tool = Ident::new(tool.variant(), Span::call_site());
            let file = &*script.up.path;
            quote! { known(Tool::#tool, #id, &[#(#checksums),*], #number, #file) }
        })
    });
    let revisions: Vec<TokenStream> = revisions.collect();
    let import = (!revisions.is_empty()).then(|| quote! { use ::devilmcp_migrate::__private::v0::{known, Tool}; });
    quote! {
        ::devilmcp_migrate::__private::v0::Adoption {
            baseline: #baseline,
            revisions: const { #import &[#(#revisions),*] },
        }
    }
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

fn variant_name(script: &Script) -> Ident {
    Ident::new(&variant(script.number.get(), &script.slug), Span::call_site())
}
