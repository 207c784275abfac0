#!/usr/bin/env python3
"""Build and measure the peers' programs and ours; write ../results/results.json, README.md and plot.svg.

    bench.py [--quick] [--only SECTION[,SECTION...]] [--render]

Sections: versions cold binaries noop apply memory expand syscalls compile. Each can be run again by itself, and takes the place of
what it has found before; noop, apply, memory and syscalls run the programs that binaries has made. --render measures nothing. Builds
go to $CARGO_TARGET_DIR, and all else to $BENCH_WORK; both are by default in a temporary folder. What is called a disk is where
$BENCH_WORK is.
"""

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import gen
import plot
import render

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent.parent
RESULTS = HERE.parent / "results"
WORK = Path(os.environ.get("BENCH_WORK") or Path(tempfile.gettempdir()) / "devilmcp-migrate-benches")
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or WORK / "target")
KINDS = ("tables", "evolving")


@dataclass(frozen=True)
class Peer:
    name: str  # its folder
    style: str  # how its migrations are called: gen.py
    group: str = "rusqlite"  # peers with one version of SQLite share what they have built
    most: tuple = (5000, 5000)  # migrations of either kind that it is built with: the compiler takes too long for more
    quick: bool = True

    def builds(self, kind, n):
        return n <= self.most[KINDS.index(kind)]

    @property
    def package(self):
        return "peer-" + self.name


FLOOR = Peer("floor", "included")
OURS = Peer("devilmcp-migrate", "devilmcp-migrate")
PEERS = (
    FLOOR,
    OURS,
    Peer("rusqlite_migration_const", "M"),
    Peer("rusqlite_migration", "rusqlite_migration"),
    Peer("refinery", "refinery", most=(1000, 100)),
    Peer("diesel", "diesel", group="diesel", quick=False),
    Peer("sqlx", "sqlx", group="sqlx", quick=False),
    Peer("sea_orm", "sea_orm", group="sqlx", most=(1000, 100), quick=False),
)


class Settings:
    def __init__(self, quick):
        self.quick = quick
        self.peers = [peer for peer in PEERS if peer.quick or not quick]
        self.sizes = (10, 100) if quick else (10, 100, 1000, 5000)
        self.compile_sizes = (100,) if quick else (100, 1000)
        self.noop_rounds = 7 if quick else 15
        self.loop_seconds = 0.05 if quick else 0.2
        self.apply_rounds = 15 if quick else 21
        self.apply_seconds = 5 if quick else 30  # of a cell; one that is expected to take longer than that once is left out
        self.compile_rounds = 5 if quick else 7
        self.compile_seconds = 100  # no further run of a cell after that


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def output(*argv, **more):
    done = subprocess.run([str(arg) for arg in argv], capture_output=True, text=True, **more)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, argv))} has failed:\n{done.stderr[-3000:]}")
    return done.stdout


def timed(*argv, **more):
    """Its output, and the wall and processor seconds that it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    text = output(*argv, **more)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return text, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(ours, floor):
    """The median of the ratios round by round: what else the machine does falls on both."""
    return statistics.median(a / b for a, b in zip(ours, floor))


def cargo(peer, *args, target=None, **env):
    env = os.environ | {"CARGO_TARGET_DIR": str(target or TARGET / peer.group), "CARGO_TERM_COLOR": "never"} | env
    return timed("cargo", *args, *locked(peer), cwd=HERE / peer.name, env=env)


def locked(peer):
    """The others are measured in the versions that their lock files have; what we need beside is as the library says today."""
    return () if peer is OURS else ("--locked",)


def stage(peer, kind, n):
    gen.write(HERE / peer.name, peer.style, kind, n)
    # Who wants it can see that rows are given up in these; they have shipped.
    if peer is OURS and kind == "evolving" and n:
        expand("lock", HERE / peer.name / "migrations")
    touch(peer)


def touch(peer):
    os.utime(HERE / peer.name / "src/main.rs")


def expand(*args):
    """The benchmark `expand`, compiled as a macro is: without optimisation."""
    command = ["cargo", "bench", "--quiet", "-p", "devilmcp-migrate", "--features", "bundled", "--bench", "expand", "--profile", "dev"]
    env = os.environ | {"CARGO_TARGET_DIR": str(TARGET / "expand")}
    return output(*command, "--", *args, cwd=LIBRARY, env=env)


def binary(peer, kind, n):
    return WORK / "bin" / f"{peer.name}-{kind}-{n}"


def remove(db):
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{db}{suffix}").unlink(missing_ok=True)


# ---------------------------------------------------------------- sections


def versions(settings):
    """What was measured, and on what."""
    wanted = r"libsqlite3-sys|rusqlite|refinery|rusqlite_migration|sqlx|diesel|diesel_migrations|sea-orm-migration"
    found = {}
    for peer in settings.peers:
        lock = (HERE / peer.name / "Cargo.lock").read_text()
        found[peer.name] = dict(re.findall(rf'name = "({wanted})"\nversion = "([^"]+)"', lock))
    python = alembic(settings)
    if python:
        query = "import alembic, sqlite3; print(alembic.__version__, sqlite3.sqlite_version)"
        found["alembic"] = dict(zip(("alembic", "SQLite"), output(python, "-c", query).split()))
    return {"rustc": output("rustc", "--version").strip(), "cpus": os.cpu_count(), "kernel": os.uname().release,
            "load": os.getloadavg()[0], "quick": settings.quick, "versions": found}


def cold(settings):
    """A build from nothing, in dev: how long, how many crates, and how often SQLite is compiled."""
    rows = {}
    log, wrapper = WORK / "cc.log", WORK / "cc"
    wrapper.write_text(f"#!/bin/sh\ncase \"$*\" in *sqlite3.c*) echo once >>'{log}';; esac\nexec cc \"$@\"\n")
    wrapper.chmod(0o755)
    for peer in settings.peers:
        stage(peer, "tables", 10)
        target = TARGET / "cold"
        shutil.rmtree(target, ignore_errors=True)
        log.unlink(missing_ok=True)
        _, wall, cpu = cargo(peer, "build", target=target, CC=str(wrapper))
        tree = output("cargo", "tree", "-e", "normal,build", "--prefix", "none", *locked(peer), cwd=HERE / peer.name)
        crates = {line.split()[0] for line in tree.splitlines() if line} - {peer.package}
        rows[peer.name] = {"wall": wall, "cpu": cpu, "crates": len(crates), "sqlite": log.read_text().count("once")}
        say(f"cold {peer.name} {rows[peer.name]}")
    shutil.rmtree(TARGET / "cold", ignore_errors=True)
    return rows


def binaries(settings):
    """A program in release for each peer, kind and N, and its size when it is stripped."""
    (WORK / "bin").mkdir(parents=True, exist_ok=True)
    rows = []
    for peer in settings.peers:
        more = {0, 1000} if peer in (FLOOR, OURS) or not settings.quick else {0}
        for kind in KINDS:
            for n in sorted({*settings.sizes} | (more if kind == "tables" or peer is OURS else set())):
                # Not every one can be built with no migrations.
                if not peer.builds(kind, n) or (n == 0 and peer is not FLOOR):
                    continue
                stage(peer, kind, n)
                cargo(peer, "build", "--release")
                program = binary(peer, kind, n)
                shutil.copy2(TARGET / peer.group / "release" / peer.package, program)
                output("strip", "-o", WORK / "stripped", program)
                sql = sum(len(gen.SQL[kind](i)) for i in range(1, n + 1))
                relocations = len(re.findall(r"R_\w+_RELATIV", output("readelf", "-rW", WORK / "stripped"))) if shutil.which("readelf") else None
                rows.append({"peer": peer.name, "kind": kind, "n": n, "sql": sql, "size": (WORK / "stripped").stat().st_size,
                             "relocations": relocations})
        say(f"binaries {peer.name}")
    return rows


def noop(settings):
    """Open, find nothing to do, close: in one process, and as a whole process."""
    rows = []
    folder = WORK / "noop"
    folder.mkdir(exist_ok=True)
    for kind in KINDS:
        for n in settings.sizes:
            cells = {}  # what it is called: program, database, mode
            for peer in settings.peers:
                if not peer.builds(kind, n):
                    continue
                program, db = str(binary(peer, kind, n)), str(folder / f"{peer.name}.db")
                remove(db)
                output(program, "apply", db, "each" if peer is FLOOR else "default")
                if peer is FLOOR:
                    cells |= {f"floor: {mode}": (program, db, mode) for mode in ("header", "open", "history")}
                else:
                    cells[peer.name] = (program, db, "default")
            loops, walls = ({name: [] for name in cells} for _ in range(2))
            rounds = {}
            for name, (program, db, mode) in cells.items():
                once = int(output(program, "loop", db, mode, 3)) / 1e9
                rounds[name] = max(3, min(3000, int(settings.loop_seconds / once)))
            for _ in range(settings.noop_rounds):
                for name, (program, db, mode) in cells.items():
                    loops[name].append(int(output(program, "loop", db, mode, rounds[name])))
                    walls[name].append(timed(program, "loop", db, mode, 1)[1])
            for name in cells:
                rows.append({"kind": kind, "n": n, "peer": name, "us": statistics.median(loops[name]) / 1e3,
                             "ratio": ratio(loops[name], loops["floor: header"]),
                             "process_ms": statistics.median(walls[name]) * 1e3,
                             "process_ratio": ratio(walls[name], walls["floor: header"])})
            say(f"noop {kind} {n}: ours {next(r['ratio'] for r in rows[::-1] if r['peer'] == OURS.name):.2f} of the floor")
    return rows


def apply(settings):
    """All N migrations onto a new file, the whole process."""
    rows, last = [], {}
    db = str(WORK / "apply.db")
    python = alembic(settings)
    for kind in KINDS:
        for n in settings.sizes:
            for place in ("journal", "WAL"):
                wal = place == "WAL"
                cells = {}
                for peer in settings.peers:
                    if peer.builds(kind, n):
                        cells["floor" if peer is FLOOR else peer.name] = (binary(peer, kind, n), "apply", db, "wal" if wal else "default")
                        if peer is FLOOR and not wal:
                            cells["floor, one by one"] = (binary(peer, kind, n), "apply", db, "each")
                        if peer.name == "refinery":
                            cells["refinery, grouped"] = (binary(peer, kind, n), "apply", db, "grouped-wal" if wal else "grouped")
                if python and not wal and n <= 1000:
                    cells["alembic"] = alembic_upgrade(python, kind, n, db)
                # From one size to the next it grows linearly at first, then with the square.
                expected = {name: last.get((kind, place, name), (0, n)) for name in cells}
                cells = {name: argv for name, argv in cells.items()
                         if expected[name][0] * (n / expected[name][1]) ** (2 if n > 1000 else 1) <= settings.apply_seconds}
                walls, peaks = {name: [] for name in cells}, {}
                start = time.perf_counter()
                for turn in range(settings.apply_rounds):
                    for name, argv in cells.items():
                        remove(db)
                        text, wall, _ = timed(*argv)
                        walls[name].append(wall)
                        peaks[name] = int(text) if text.strip().isdigit() else None
                    if turn >= 2 and time.perf_counter() - start > settings.apply_seconds:
                        break
                remove(db)
                for name in cells:
                    last[kind, place, name] = (statistics.median(walls[name]), n)
                    rows.append({"kind": kind, "n": n, "place": place, "peer": name, "ms": statistics.median(walls[name]) * 1e3,
                                 "ratio": ratio(walls[name], walls["floor"]), "peak_kib": peaks[name]})
            say(f"apply {kind} {n}")
    return rows


def alembic(settings):
    """A Python that has Alembic, if it can be had."""
    if settings.quick:
        return None
    python = WORK / "alembic/bin/python"
    try:
        if not python.exists():
            output(sys.executable, "-m", "venv", WORK / "alembic")
            output(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "alembic")
        return python
    except RuntimeError as error:
        say(f"without Alembic: {error}")
        return None


def alembic_upgrade(python, kind, n, db):
    """Writes N revisions; the command that applies them."""
    folder = WORK / f"alembic-{kind}-{n}"
    if not folder.exists():
        gen.write(folder, "alembic", kind, n)
        (folder / "migrations").rename(folder / "versions")
        (folder / "env.py").write_text(
            "from alembic import context\nfrom sqlalchemy import create_engine\n\n"
            "with create_engine(context.config.get_main_option('sqlalchemy.url')).connect() as conn:\n"
            "    context.configure(connection=conn, transactional_ddl=True)\n"
            "    with context.begin_transaction():\n        context.run_migrations()\n    conn.commit()\n")
        (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = {folder}\nsqlalchemy.url = sqlite:///{db}\n")
    return (python, "-m", "alembic", "-c", folder / "alembic.ini", "upgrade", "head")


def memory(settings):
    """`open_in_memory` from the second call on, in microseconds."""
    found = {}
    for n in [n for n in (*settings.sizes, 1000) if n <= 1000]:
        program = binary(OURS, "evolving", n)
        found[str(n)] = statistics.median(int(output(program, "loop", "", "memory", 101)) for _ in range(5)) / 1e3
    return found


def expanding(settings):
    """The table of the benchmark `expand`: what checking costs, beside SQLite alone."""
    rows = []
    text = expand(*(["--quick"] if settings.quick else []))
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 9 and cells[1].isdigit():
            kind, n, state, floor, check, times, limit, again, peak = cells
            rows.append({"kind": kind, "n": int(n), "state": state, "floor": floor, "check": check, "ratio": float(times),
                         "limit": float(limit), "again": again, "peak": peak})
    return rows


def syscalls(settings):
    """System calls of one start with nothing to do, and of one fresh upgrade, kind `tables`."""
    if not shutil.which("strace"):
        say("without system calls: there is no strace")
        return []
    rows = []
    db, log = str(WORK / "traced.db"), WORK / "strace.log"
    for peer in settings.peers:
        for n in [n for n in (100, 1000) if n in settings.sizes and peer.builds("tables", n)]:
            remove(db)
            for what, mode in (("fresh", "default"), ("no-op", "header" if peer is FLOOR else "default")):
                output("strace", "-f", "-o", log, binary(peer, "tables", n), "apply", db, mode)
                calls = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.M)
                rows.append({"peer": peer.name, "n": n, "what": what, "all": len(calls),
                             "syncs": calls.count("fsync") + calls.count("fdatasync"),
                             "writes": calls.count("pwrite64") + calls.count("write")})
    remove(db)
    return rows


COMMANDS = {"check": ("check",), "dev": ("build",), "release": ("build", "--release")}


def compiling(settings):
    """A build after `touch src/main.rs`. Ours has a checkpoint, so that next to nothing is proved, and that is measured by itself."""
    rows = []
    for n in settings.compile_sizes:
        peers = [peer for peer in settings.peers if peer.builds("tables", n)]
        for peer in peers:
            stage(peer, "tables", n)
        expand("checkpoint", HERE / OURS.name / "migrations")
        for what, args in COMMANDS.items():
            if settings.quick and what == "release":
                continue
            times = {peer.name: [] for peer in peers}
            for peer in peers:
                cargo(peer, *args)
            for _ in range(settings.compile_rounds):
                for peer in peers:
                    if sum(wall for wall, _ in times[peer.name]) < settings.compile_seconds:
                        touch(peer)
                        times[peer.name].append(cargo(peer, *args)[1:])
            proof = int(expand("check", HERE / OURS.name / "migrations")) / 1e9
            for peer in peers:
                wall, cpu = map(statistics.median, zip(*times[peer.name]))
                less = proof if peer is OURS else 0
                floor = statistics.median(cpu for _, cpu in times[FLOOR.name])
                rows.append({"peer": peer.name, "n": n, "what": what, "wall": wall, "cpu": cpu, "proof": less,
                             "ratio": (cpu - less) / floor})
            say(f"compile {what} {n}: ours {next(r['ratio'] for r in rows[::-1] if r['peer'] == OURS.name):.2f} of the floor")
    return rows


SECTIONS = {"versions": versions, "cold": cold, "binaries": binaries, "noop": noop, "apply": apply, "memory": memory,
            "expand": expanding, "syscalls": syscalls, "compile": compiling}

RUN_PROGRAMS = {"noop", "apply", "memory", "syscalls"}  # what `binaries` has made


def keys(sections):
    """The figures by which one version is compared with the next."""
    found = {}

    def most(key, value):
        found[key] = max(found.get(key, 0), round(value, 3))

    for row in sections.get("noop", []):
        if row["peer"] == OURS.name:
            most(f"noop_ratio.{row['n']}", row["ratio"])
    for row in sections.get("apply", []):
        if row["peer"] == OURS.name:
            most(f"apply_ratio.{row['kind']}.{row['n']}", row["ratio"])
    for row in sections.get("expand", []):
        most(f"expand_ratio.{row['state']}.{row['n']}", row["ratio"])
        most(f"reexpand_ms.{row['n']}", render.milliseconds(row["again"]))
    for n, us in sections.get("memory", {}).items():
        found[f"template_us.evolving.{n}"] = round(us, 1)
    growth = render.growth(sections.get("binaries", []), OURS.name, "tables")
    if growth:
        found["binary_growth"] = round(growth["times"], 3)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10 and 100 migrations, and not the peers that take long to build")
    parser.add_argument("--only", help="these sections again, and leave the others as they were")
    parser.add_argument("--render", action="store_true", help="only write the tables and the plot anew")
    options = parser.parse_args()
    results = RESULTS / "results.json"
    sections = json.loads(results.read_text())["sections"] if results.exists() and (options.only or options.render) else {}
    if not options.render:
        settings = Settings(options.quick)
        names = options.only.split(",") if options.only else [name for name in SECTIONS if not (settings.quick and name == "cold")]
        for name in names:
            if name not in SECTIONS:
                parser.error(f"there is no section {name}")
        unmade = RUN_PROGRAMS.intersection(names) if "binaries" not in names and not (WORK / "bin").is_dir() else ()
        if unmade:
            parser.error(f"{', '.join(sorted(unmade))}: there are no programs in {WORK / 'bin'} yet; --only binaries makes them")
        WORK.mkdir(parents=True, exist_ok=True)
        for name in names:
            start = time.perf_counter()
            sections[name] = SECTIONS[name](settings)
            say(f"{name} took {time.perf_counter() - start:.0f} s")
            write(sections)
    write(sections)


def write(sections):
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(keys(sections) | {"sections": sections}, indent=1)
    (RESULTS / "results.json").write_text(text + "\n")
    (RESULTS / "README.md").write_text(render.tables(sections))
    (RESULTS / "plot.svg").write_text(plot.svg(sections))


if __name__ == "__main__":
    main()
