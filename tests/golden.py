# The generated C of a few examples is the same, byte for byte, as the golden
# file beside the program. `make golden` rewrites them; read the diff.
# RUN: %python %s --dlc=%dlc
"""golden.py --dlc=PATH [--write]"""
import difflib
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLES = ["lenet5", "autoencoders"]


def generate(dlc, model, folder):
    out = os.path.join(folder, "model.c")
    subprocess.run([dlc, model, "-o", out], check=True, cwd=ROOT)
    with open(out) as f:
        return f.read()


def main():
    dlc = next(a[6:] for a in sys.argv if a.startswith("--dlc="))
    write = "--write" in sys.argv
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in EXAMPLES:
            model = os.path.join("examples", name, "model.dl")
            golden = os.path.join(ROOT, "examples", name, "expected.c")
            new = generate(os.path.abspath(dlc), model, folder)
            if write:
                with open(golden, "w") as f:
                    f.write(new)
                continue
            with open(golden) as f:
                old = f.read()
            if old != new:
                different += 1
                sys.stdout.writelines(difflib.unified_diff(
                    old.splitlines(True), new.splitlines(True), golden,
                    "generated now", n=1))
    sys.exit(1 if different else 0)


main()
