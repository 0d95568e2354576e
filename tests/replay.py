"""replay.py --dlc=PATH --base=REVISION: all C that two compilers generate from
the programs of this tree, compared. A refactor must print nothing."""
import glob
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def option(name):
    return next(a.split("=", 1)[1] for a in sys.argv
                if a.startswith(f"--{name}="))


def build_base(revision, folder):
    subprocess.run(["git", "worktree", "add", "--detach", "-f", folder,
                    revision], check=True, cwd=ROOT, capture_output=True)
    subprocess.run(["make", "-s", "-j2", "build/dlc"], check=True, cwd=folder,
                   capture_output=True)
    return os.path.join(folder, "build", "dlc")


def generate(dlc, program):
    run = subprocess.run([dlc, "--emit=c", program], cwd=ROOT, text=True,
                         capture_output=True)
    return run.stdout if run.returncode == 0 else f"exit {run.returncode}\n"


def main():
    programs = sorted(glob.glob("examples/*/*.dl", root_dir=ROOT)
                      + glob.glob("tests/**/*.dlir", root_dir=ROOT,
                                  recursive=True))
    new = os.path.abspath(option("dlc"))
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = os.path.join(folder, "base")
        try:
            old = build_base(option("base"), tree)
            for p in programs:
                a, b = generate(old, p), generate(new, p)
                if a == b:
                    continue
                different += 1
                for name, text in (("old.c", a), ("new.c", b)):
                    with open(os.path.join(folder, name), "w") as f:
                        f.write(text)
                print(f"==== {p}")
                subprocess.run(["diff", "-u0", "old.c", "new.c"], cwd=folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree],
                           cwd=ROOT, capture_output=True)
    print(f"{len(programs)} programs, {different} different", file=sys.stderr)
    sys.exit(1 if different else 0)


main()
