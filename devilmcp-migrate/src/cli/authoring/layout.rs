//! Directories in the layout of another tool, as an argument.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::tool::Tool;

/// So that clap names the nearest one, and lists all of them.
pub(super) fn parser() -> impl TypedValueParser<Value = Layout> {
    PossibleValuesParser::new(Layout::TOOLS.map(Tool::name)).try_map(|word| Layout::named(&word))
}

/// What is said where no other layout is known.
pub(super) fn refused(layout: Layout) -> String {
    let name = layout.tool().map_or("", Tool::name);
    format!(
        "this works on directories in this tool's own layout only, and not in that of {name}: `devilmcp-migrate import --from {name}` \
         writes one"
    )
}
