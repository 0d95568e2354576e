# RUN: %python %s
"""Every entry of the compiler's tables has a test: operators, passes,
implementations, options, diagnostics, targets (`dlc --list=..`)."""
import pathlib
import re
import sys

import cases_elementwise  # noqa: F401
import cases_formulas  # noqa: F401
import cases_moving  # noqa: F401
import cases_reducing  # noqa: F401
import cases_window  # noqa: F401
from cases import CASES
from emitted import DLC, ROOT, run

TESTS = pathlib.Path(ROOT) / "tests"
SUFFIXES = {".dl", ".dlir", ".test", ".c", ".py"}
RUN = "RUN" + ":"  # not written out: lit would take it for a line to run
# Operators without a word of their own in IR text.
SPELT = {"input": r"func .*\(%\w", "param": r"param @", "arg": r"scan .*\) ?{"}


def read(folder):
    """The text of every test file below a folder, this one left out."""
    return [p.read_text(errors="replace") for p in sorted(folder.rglob("*"))
            if p.suffix in SUFFIXES and p.name != "tables.py"]


def lines_with(texts, word):
    return [line for text in texts for line in text.splitlines()
            if word in line]


class Tests:
    def __init__(self):
        self.all = read(TESTS)
        self.run = lines_with(self.all, RUN)
        self.check = lines_with(self.all, "CHECK")
        self.ir = lines_with(
            read(TESTS / "operators") + read(TESTS / "passes")
            + read(TESTS / "unit"), "")

    def operator(self, name):
        spelt = SPELT.get(name, rf"= {name}\b")
        return name in CASES or any(re.search(spelt, x) for x in self.ir)

    def pass_(self, name):
        folder = TESTS / "passes" / name
        return folder.is_dir() and any(RUN in t for t in read(folder))

    def option(self, name):
        word = re.escape(name) + (r"[= ]?" if name[1] != "-" else r"\b")
        return any(re.search(rf"\s{word}", line) for line in self.run)

    def diagnostic(self, code):
        return any(code in line for line in self.check)

    def target(self, name):
        return any(f"--target={name}" in text for text in self.all) or \
            name == "generic"

    def implementation(self, operator, name, alone):
        """An operator's only implementation runs wherever the operator does."""
        if alone:
            return self.operator(operator)
        option = "--blas=openblas" if name == "blas" else f"--conv={name}"
        chosen = re.compile(rf"= {operator}\b.*impl = {name}\b")
        return any(option in t for t in self.all) or \
            any(chosen.search(line) for line in self.check)


def listed(table):
    return [line.split() for line in
            run(DLC, f"--list={table}").splitlines()]


def untested(tests, tables):
    """(table, entry) of everything without a test."""
    operators = [words[0].split("(")[0] for words in tables["operators"]]
    implementations = tables["implementations"]
    owners = [operator for operator, _ in implementations]
    checks = {
        "operators": [(op, tests.operator(op)) for op in operators],
        "passes": [(p[0], tests.pass_(p[0])) for p in tables["passes"]],
        "options": [(o[0], tests.option(o[0])) for o in tables["options"]],
        "targets": [(t[0], tests.target(t[0])) for t in tables["targets"]],
        "diagnostics": [(d[0], tests.diagnostic(d[0]))
                        for d in tables["diagnostics"]],
        "implementations": [
            (f"{op} {name}",
             tests.implementation(op, name, owners.count(op) == 1))
            for op, name in implementations],
    }
    return [(table, entry) for table, entries in checks.items()
            for entry, tested in entries if not tested]


tests = Tests()
tables = {name: listed(name) for name in (
    "operators", "passes", "implementations", "options", "diagnostics",
    "targets")}
assert all(tables.values()), "an empty table"
missing = untested(tests, tables)

# An entry that no test can know must be found, in each table.
fake = {"operators": ["fakeop(x)"], "passes": ["fakepass"],
        "options": ["--fakeoption"], "diagnostics": ["DL9" + "999"],
        "targets": ["faketarget"], "implementations": ["conv", "fakeimpl"]}
found = untested(tests, {k: v + [fake[k]] for k, v in tables.items()})
assert set(found) - set(missing) == {
    (k, " ".join(v).split("(")[0]) for k, v in fake.items()}, found

for name in sorted(p.name for p in (TESTS.parent / "examples").iterdir()):
    if not (TESTS / f"readme/example-{name}.py").exists():
        missing.append(("examples", name))
for table, entry in missing:
    print(f"{table}: no test of {entry}")
sys.exit(bool(missing))
