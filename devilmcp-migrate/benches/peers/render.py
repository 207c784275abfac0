"""results.json as the tables of results/README.md."""

HEAD = """# Results

Written by `benches/run.sh`; do not edit. How it is measured, and what each floor is: [`benches`](../README.md) and
[`benches/peers`](../peers/README.md). Medians; a ratio is the median of the ratios round by round. Times are of one machine: compare
within a table.

![cost over the number of migrations](plot.svg)
"""


def tables(sections):
    parts = [draw(sections[name]) for name, draw in DRAW.items() if sections.get(name)]
    return "\n".join([HEAD, *parts])


def table(title, head, rows, note=""):
    lines = [f"## {title}\n"] + ([note + "\n"] if note else [])
    lines += ["| " + " | ".join(map(str, head)) + " |", "|---|" + "--:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def pivot(rows, cell, missing="–"):
    """A row for each peer, a column for each N, in the order in which they come."""
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    sizes = sorted({row["n"] for row in rows})
    found = {(row["peer"], row["n"]): cell(row) for row in rows}
    return ["", *(f"{n:,}" for n in sizes)], [[peer, *(found.get((peer, n), missing) for n in sizes)] for peer in peers]


def each(rows, *names):
    """The rows by the values that they have under these names."""
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups.items()


def ms(value):
    return f"{value / 1e3:,.2f} s" if value >= 1e3 else f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms"


def milliseconds(text):
    """Reads what the benchmark `expand` writes."""
    number, unit = text.split()
    return float(number) * {"ms": 1, "s": 1000}[unit]


def kib(size):
    return f"{size / 1024:,.0f} KiB"


def versions(data):
    rows = [[peer, ", ".join(f"{name} {version}" for name, version in found.items())] for peer, found in data["versions"].items()]
    note = f"{data['rustc']}, {data['cpus']} processors, Linux {data['kernel']}, load {data['load']:.1f} at the beginning" \
           + (", `--quick`." if data["quick"] else ".")
    lines = table("What was measured", ["program", "versions"], rows, note)
    return lines.replace("--:", "---")


def noop(data):
    parts = []
    for (kind,), rows in each(data, "kind"):
        head, lines = pivot(rows, lambda r: f"{r['us']:,.0f} µs ({r['ratio']:.2f})")
        parts.append(table(f"A start with nothing to do, `{kind}`", head, lines,
                           "Open, run, close, in one process; in brackets as a multiple of `floor: header`."))
        head, lines = pivot(rows, lambda r: f"{r['process_ms']:.2f} ms ({r['process_ratio']:.2f})")
        parts.append(table(f"The same as a whole process, `{kind}`", head, lines))
    return "\n".join(parts)


def apply(data):
    parts = []
    for (kind, place), rows in each(data, "kind", "place"):
        head, lines = pivot(rows, lambda r: f"{ms(r['ms'])} ({r['ratio']:.2f})")
        parts.append(table(f"All migrations onto a new file, `{kind}`, {place}", head, lines,
                           "The whole process; in brackets as a multiple of the floor, the same statements in one transaction."))
    for (kind, place), rows in each([row for row in data if row["peak_kib"]], "kind", "place"):
        if place == "journal":
            head, lines = pivot(rows, lambda r: f"{r['peak_kib'] / 1024:.1f} MiB")
            parts.append(table(f"The most memory meanwhile, `{kind}`", head, lines))
    return "\n".join(parts)


def memory(data):
    return table("`open_in_memory`, from the second call on", ["migrations, `evolving`", "µs"],
                 [[f"{int(n):,}", f"{us:.0f}"] for n, us in data.items()])


def expand(data):
    rows = [[f"`{r['kind']}`", f"{r['n']:,}", r["state"], r["floor"], r["check"], f"{r['ratio']:.1f}", r["again"], r["peak"]] for r in data]
    return table("Checking a directory, unoptimised, as a macro does", ["", "N", "state", "SQLite alone", "check", "ratio", "again", "peak"], rows)


def syscalls(data):
    rows = [[r["peer"], f"{r['n']:,}", r["what"], r["all"], r["syncs"], r["writes"]] for r in sorted(data, key=lambda r: (r["what"], r["n"]))]
    return table("System calls, `tables`", ["", "N", "what", "all", "syncs", "writes"], rows)


def compiling(data):
    parts = []
    for (what,), rows in each(data, "what"):
        head, lines = pivot(rows, lambda r: f"{r['wall']:.2f} s, {r['cpu']:.2f} s ({r['ratio']:.2f})")
        proof = ", ".join(f"{r['proof']:.2f} s ({r['n']:,})" for r in rows if r["proof"])
        parts.append(table(f"`cargo {'check' if what == 'check' else 'build'}` after a touch{', ' + what if what != 'check' else ''}", head, lines,
                           "Time that passed, and of the processor; in brackets the latter as a multiple of the floor, a crate with "
                           f"`include_str!`, ours less what is left of the proof, {proof}."))
    return "\n".join(parts)


def cold(data):
    floor = data["floor"]["cpu"]
    rows = [[peer, f"{r['wall']:.0f} s", f"{r['cpu']:.0f} s", f"{r['cpu'] / floor:.2f}", r["crates"], r["sqlite"]] for peer, r in data.items()]
    return table("A build from nothing, dev", ["", "passed", "of the processor", "ratio", "crates", "SQLite compiled"], rows,
                 "With everything that it needs, SQLite from source; the ratio is that of the processor's time.")


def growth(data, peer, kind):
    """By how much a program grows with its migrations, in bytes each, and as a multiple of their SQL."""
    mine = {row["n"]: row for row in data if row["peer"] == peer and row["kind"] == kind}
    if len(mine) < 2:
        return None
    low, top = min(n for n in mine if n), max(mine)
    size, sql, relocations = (mine[top][key] - mine[low][key] if mine[top][key] is not None else None for key in ("size", "sql", "relocations"))
    return {"bytes": size / (top - low), "times": size / sql, "relocations": None if relocations is None else relocations / (top - low)}


def binaries(data):
    parts = []
    for (kind,), rows in each(data, "kind"):
        lines = []
        for peer in dict.fromkeys(row["peer"] for row in rows):
            mine = {row["n"]: row for row in rows if row["peer"] == peer}
            found = growth(rows, peer, kind)
            relocations = "–" if found["relocations"] is None else f"{found['relocations']:.1f}"
            lines.append([peer, kib(mine[min(n for n in mine if n)]["size"]), f"{found['bytes']:.0f}", f"{found['times']:.2f}", relocations])
        parts.append(table(f"The program, release, stripped, `{kind}`",
                           ["", "10 migrations", "bytes for each more", "as a multiple of its SQL", "relocations for each more"], lines))
    return "\n".join(parts)


DRAW = {"versions": versions, "noop": noop, "apply": apply, "memory": memory, "expand": expand, "compile": compiling, "cold": cold,
        "binaries": binaries, "syscalls": syscalls}
