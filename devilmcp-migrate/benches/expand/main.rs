//! What `migrations!` costs, beside what SQLite needs for the same statements. See `benches/README.md`.

mod cpu;
mod measure;
mod workload;

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use measure::{Case, Cost, State};
use workload::Kind;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    match words.as_slice() {
        ["one", kind, size, state] => {
            let kind = Kind::ALL.into_iter().find(|known| known.name() == *kind).ok_or("no such kind")?;
            let state = State::ALL.into_iter().find(|known| known.name() == *state).ok_or("no such state")?;
            let Cost { floor, check, again, peak } = Case { kind, size: size.parse()?, state }.measure()?;
            say(&format!("{} {} {} {peak}", floor.as_nanos(), check.as_nanos(), again.as_nanos()));
        }
        ["write", kind, size, directory] => {
            let kind = Kind::ALL.into_iter().find(|known| known.name() == *kind).ok_or("no such kind")?;
            workload::write(&kind.migrations(size.parse()?), Path::new(directory))?;
        }
        ["lock", directory] => measure::lock(Path::new(directory))?,
        ["checkpoint", directory] => measure::checkpoint(Path::new(directory))?,
        ["check", directory] => say(&measure::proof(Path::new(directory))?.as_nanos().to_string()),
        // `cargo test --all-targets` says nothing.
        _ if words.len() == arguments.len() => {
            say("cargo bench -p devilmcp-migrate --features bundled --bench expand [-- --quick]");
        }
        words => {
            let sizes: &[usize] = if words.contains(&"--quick") { &[10, 100] } else { &[10, 100, 1_000, 5_000] };
            say("| migrations | N | state | SQLite alone | check | ratio | limit | again | peak |");
            say("|---|--:|---|--:|--:|--:|--:|--:|--:|");
            for kind in Kind::ALL {
                for (size, state) in sizes.iter().flat_map(|size| State::ALL.map(|state| (*size, state))) {
                    say(&row(kind, size, state)?);
                }
            }
        }
    }
    Ok(())
}

/// Measures one case in a process of its own.
fn row(kind: Kind, size: usize, state: State) -> Result<String, Box<dyn Error>> {
    let output =
        Command::new(std::env::current_exe()?).args(["one", kind.name(), &size.to_string(), state.name()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [floor, check, again, peak] = *numbers.as_slice() else { return Err(text.into()) };
    let [floor, check, again] = [floor, check, again].map(Duration::from_nanos);
    Ok(format!(
        "| {} | {size} | {} | {} | {} | {:.1} | {} | {} | {} MB |",
        kind.name(),
        state.name(),
        shown(floor),
        shown(check),
        check.as_secs_f64() / floor.as_secs_f64(),
        state.limit(),
        shown(again),
        peak / 1_000_000
    ))
}

fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{:.1} ms", time.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}

#[expect(clippy::print_stdout, reason = "the table is for whoever runs this")]
fn say(line: &str) {
    println!("{line}");
}
