# Printing, reading and printing again gives the same text, for the syntax tree
# of every program and for the IR of every program after every pass.
# RUN: %python %s
import glob
import os
import subprocess
import sys
import tempfile

DLC = os.environ["DLC"]
ROOT = os.environ["DLC_ROOT"]


def run(*args):
    r = subprocess.run([DLC, *args], cwd=ROOT, text=True, capture_output=True)
    return r.stdout if r.returncode == 0 else None


def read_back(text, suffix, how, folder):
    path = os.path.join(folder, "again" + suffix)
    with open(path, "w") as f:
        f.write(text)
    r = subprocess.run([DLC, how, path], text=True, capture_output=True)
    return r.stdout if r.returncode == 0 else r.stderr


def without_places(text):
    """The comments that name source lines change with the file's name."""
    return "\n".join(line.split("  //")[0] for line in text.splitlines())


def modules(text):
    parts = text.split("stage ")
    return ["stage " + p for p in parts if p.strip()]


def main():
    passes = [line.split()[0] for line in run("--list=passes").splitlines()]
    programs = sorted(glob.glob("examples/*/*.dl", root_dir=ROOT)
                      + glob.glob("tests/**/*.dl", root_dir=ROOT, recursive=True)
                      + glob.glob("tests/**/*.dlir", root_dir=ROOT, recursive=True))
    trees = irs = bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for p in programs:
            if p.endswith(".dl"):
                tree = run("--emit=ast", p)
                if tree is not None:
                    trees += 1
                    if read_back(tree, ".dl", "--emit=ast", folder) != tree:
                        bad += 1
                        print(f"{p}: the tree does not read back")
            # every pass for the small examples, first and last for the rest
            every = p in ("examples/lenet5/model.dl", "examples/mlp/model.dl")
            for to in [None] + (passes if every else passes[-1:]):
                args = ["--emit=ir", p] + ([f"--to={to}"] if to else [])
                for text in modules(run(*args) or ""):
                    irs += 1
                    again = read_back(text, ".dlir", "--emit=ir", folder)
                    if without_places(again) != without_places(text):
                        bad += 1
                        print(f"{p} --to={to}: the IR does not read back")
    print(f"{trees} trees, {irs} modules, {bad} bad")
    sys.exit(0 if bad == 0 and trees > 20 and irs > 100 else 1)


main()
