"""Plants faults in a copy of the tree, one at a time, and demands that the
tests named beside each of them fail: a test of the tests.

    faults.py                all faults; exits 1 when one survives
    faults.py --only=3,fuse  by number or by a part of the file's name
    faults.py --list         the table, without running anything
    faults.py --check-doc    that docs/faults.md is this table; --write-doc
    faults.py --tree=FOLDER  keeps the copy and its build there, for next time

The copy is built once, without optimisation, and then incrementally. A fault
whose text is not in its file exactly once has to be planted anew. The table is
in fault_table.py.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from fault_table import FAULTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "faults.md"
LIT = "/usr/lib/llvm-14/build/utils/lit/lit.py"
JOBS = "-j2"
TIMEOUT = 600  # seconds for a test, on the average; longer: no end
MEMORY = 6e9   # bytes, likewise


class Trouble(Exception):
    pass


# ---- the copy ----

def tracked_files():
    """What git knows or would add; without git, all but builds."""
    git = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], cwd=ROOT, capture_output=True)
    if git.returncode == 0:
        names = set(git.stdout.decode().split("\0")) - {""}
    else:
        names = {str(p.relative_to(ROOT)) for p in ROOT.rglob("*")
                 if p.is_file() and "__pycache__" not in p.parts
                 and p.relative_to(ROOT).parts[0] not in ("build", ".git")}
    return sorted(n for n in names if (ROOT / n).is_file())


def copy_tree(tree):
    names = tracked_files()
    for old in tree.rglob("*"):
        name = old.relative_to(tree)
        if old.is_file() and name.parts[0] != "build" and \
                str(name) not in names:
            old.unlink()
    for name in names:
        source, to = ROOT / name, tree / name
        if to.exists() and to.read_bytes() == source.read_bytes():
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, to)
        os.utime(to)  # newer than what an earlier run built


def environment(tree):
    env = {k: v for k, v in os.environ.items()
           if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return dict(env, DLC_BUILD=str(tree / "build"))


def build(tree):
    """What the compiler of the build said."""
    r = subprocess.run(
        ["make", "-s", JOBS, "-C", tree, "B=build", "CFLAGS=-O0", "LDFLAGS=",
         "build/dlc", "build/libdlc.a", "build/libruntime.a"],
        env=environment(tree), text=True, capture_output=True)
    if r.returncode:
        raise Trouble("does not build:\n" + r.stderr[-2000:])
    return r.stderr


def memory_of(group):
    """Bytes that the processes of a process group use."""
    total = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended
        if int(words[2]) == group:
            total += int(words[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def wait(process, seconds):
    """Its output; None when it had to be ended, its children with it."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end and memory_of(process.pid) < MEMORY:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=1)[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return None


def run_tests(tree, tests):
    """Output of each test that fails, by its path; all when they hang."""
    report = tree / "build" / "faults.json"
    report.unlink(missing_ok=True)
    lit = subprocess.Popen(
        [sys.executable, LIT, JOBS, "-q", "--no-progress-bar", "-o", report,
         *(tree / "tests" / t for t in tests if (tree / "tests" / t).exists())],
        env=environment(tree),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True)
    output = wait(lit, TIMEOUT * len(tests))
    if output is None:
        return {t: "no end" for t in tests}
    if not report.exists():
        raise Trouble("lit did not run:\n" + output[-2000:])
    results = {r["name"].split(" :: ")[1]: r
               for r in json.loads(report.read_text())["tests"]}
    return {t: results[t]["output"] if t in results else "lit does not know it"
            for t in tests
            if t not in results or results[t]["code"] not in ("PASS", "XFAIL")}


# ---- planting ----

def text_problem(fault, root):
    """Why the fault cannot be planted, None when it can."""
    path = root / fault.file
    if not path.exists():
        return "no such file"
    count = path.read_text().count(fault.old)
    if count != 1:
        return f"its text is there {count} times"
    if fault.old == fault.new:
        return "it changes nothing"
    return None


@contextlib.contextmanager
def planted(tree, fault):
    path = tree / fault.file
    original = path.read_text()
    path.write_text(original.replace(fault.old, fault.new))
    try:
        yield
    finally:
        path.write_text(original)


def try_fault(tree, fault, broken):
    """(what happened, is that good, output of the tests that failed)"""
    problem = text_problem(fault, tree)
    if problem:
        return problem, False, ""
    tests = [t for t in fault.tests if t not in broken]
    if not tests:
        return "all its tests fail without it", False, ""
    with planted(tree, fault):
        try:
            said = build(tree)
        except Trouble as e:
            return "does not build", False, str(e)
        if f"{fault.file}:" in said and "warning:" in said:
            return "gives a warning", False, said
        failed = run_tests(tree, tests)
    output = "\n".join(failed.values())
    if not failed:
        return "SURVIVED", False, ""
    if all("[-Werror" in text for text in failed.values()):
        return "only a warning shows it", False, output
    blind = [t for t in tests if t not in failed]
    return "caught" + "".join(f"; not by {t}" for t in blind), True, output


# ---- the document ----

HEAD = """# Planted faults

`make check-all` plants each of these faults in a copy of the tree, builds it and runs the tests named beside it: the check fails
when they all pass. So each is a mistake that people make and that the tests are known to catch. This file is written by
`tests/slow/faults.py --write-doc`; the faults themselves are in `tests/slow/fault_table.py`. Tests are below `tests/`.

When a mistake got past the tests: write the test, then plant the mistake here.
"""


def document():
    lines = [HEAD]
    for title in dict.fromkeys(f.kind for f in FAULTS):
        lines += [f"## {title}", "", "| | planted in | what it breaks | "
                  "caught by |", "|---|---|---|---|"]
        for i, f in enumerate(FAULTS, start=1):
            if f.kind == title:
                tests = "<br>".join(f"`{t}`" for t in f.tests)
                what = f.what.replace("|", "\\|")
                lines.append(f"| {i} | `{f.file}` | {what} | {tests} |")
        lines.append("")
    return "\n".join(lines)


def check_doc():
    """Problems of the table itself and of what is written about it."""
    problems = [f"{i}: no test {t}" for i, f in enumerate(FAULTS, start=1)
                for t in f.tests if not (ROOT / "tests" / t).is_file()]
    problems += [f"{i}: {f.file}: {text_problem(f, ROOT)}"
                 for i, f in enumerate(FAULTS, start=1)
                 if text_problem(f, ROOT)]
    if not DOC.exists() or DOC.read_text() != document():
        problems.append("docs/faults.md is another table: run "
                        "tests/slow/faults.py --write-doc")
    return problems


# ---- the command ----

def chosen(only):
    """(number, fault) of those asked for."""
    words = only.split(",") if only else []
    return [(i, f) for i, f in enumerate(FAULTS, start=1)
            if not words or any(w == str(i) or not w.isdigit() and w in f.file
                                for w in words)]


def run(tree, faults, verbose):
    copy_tree(tree)
    start = time.monotonic()
    build(tree)
    names = sorted({t for _, f in faults for t in f.tests})
    print(f"built in {time.monotonic() - start:.0f} s; {len(names)} tests "
          f"without a fault", flush=True)
    broken = run_tests(tree, names)
    bad = len(broken)
    for name, output in broken.items():
        print(f"FAILS WITHOUT A FAULT: {name}")
        if verbose:
            print(output)
    for i, fault in faults:
        start = time.monotonic()
        what, good, output = try_fault(tree, fault, broken)
        bad += not good
        print(f"{i:3} {time.monotonic() - start:4.0f} s  {fault.file}: "
              f"{fault.what}\n              {what}", flush=True)
        if verbose or not good:
            print(output, end="")
    print(f"{len(faults)} faults, {bad} problems")
    return bad


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--only", metavar="N,..")
    p.add_argument("--tree", metavar="FOLDER")
    p.add_argument("--verbose", action="store_true",
                   help="print what the tests said")
    for flag in ("--list", "--check-doc", "--write-doc"):
        p.add_argument(flag, action="store_true")
    o = p.parse_args()
    faults = chosen(o.only)
    if o.list:
        for i, f in faults:
            problem = text_problem(f, ROOT)
            print(f"{i:3}  {f.file}: {f.what}  [{' '.join(f.tests)}]"
                  + (f"  PROBLEM: {problem}" if problem else ""))
        return 0
    if o.write_doc:
        DOC.write_text(document())
        return 0
    if o.check_doc:
        problems = check_doc()
        print("\n".join(problems) or f"{len(FAULTS)} faults")
        return bool(problems)
    try:
        if o.tree:
            return bool(run(pathlib.Path(o.tree).resolve(), faults, o.verbose))
        with tempfile.TemporaryDirectory() as folder:
            return bool(run(pathlib.Path(folder), faults, o.verbose))
    except Trouble as e:
        print(f"faults.py: {e}")
        return 1


sys.exit(main())
