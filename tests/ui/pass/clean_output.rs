//! What is generated is silent under the strictest lints of the compiler.

#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations, unnameable_types)]
#![deny(unreachable_pub, unused_qualifications, unused_results, trivial_casts, trivial_numeric_casts, variant_size_differences)]
#![deny(future_incompatible, let_underscore, nonstandard_style, rust_2018_idioms, unused, unsafe_code)]

devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() {}
