# Every prefix of the pipeline verifies over every program and IR file of the
# tree: the verifier runs after every pass, so one run to the last pass is all
# prefixes; nothing crashes.
# RUN: %python %s
import glob
import os
import subprocess
import sys

DLC = os.environ["DLC"]
ROOT = os.environ["DLC_ROOT"]


def main():
    def run(*args):
        return subprocess.run([DLC, *args], cwd=ROOT, text=True,
                              capture_output=True)

    passes = [line.split()[0]
              for line in run("--list=passes").stdout.splitlines()]
    programs = sorted(glob.glob("examples/*/*.dl", root_dir=ROOT)
                      + glob.glob("tests/**/*.dl", root_dir=ROOT, recursive=True)
                      + glob.glob("tests/**/*.dlir", root_dir=ROOT, recursive=True))
    good = bad = 0
    for p in programs:
        r = run("--emit=ir", f"--to={passes[-1]}", p)
        if r.returncode in (0, 1, 2):  # 1: a wrong program, refused
            good += (r.returncode == 0) * len(passes)
            continue
        bad += 1
        print(f"{p}: exit {r.returncode}: {r.stderr[:300]}")
    print(f"{len(programs)} programs, {good} prefixes, {bad} bad")
    sys.exit(0 if bad == 0 and good > 200 else 1)


main()
