"""elementary.py [NAME..]: the float functions of --freestanding keep their
bounds at every one of the 2^32 floats.

NAME is a function of tests/unit/elementary_test.c; without names those that
activations are made of. About two minutes each.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ACTIVATIONS = ["exp", "log", "tanh", "sigmoid", "log1p", "erf", "sqrt"]


def main(names):
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "sweep")
        subprocess.run(
            [os.environ.get("CC", "cc"), "-std=c11", "-O2",
             "-D_POSIX_C_SOURCE=200809L", "-Wno-unused-function",
             os.path.join(ROOT, "tests/unit/elementary_test.c"), "-lm", "-o",
             program], check=True)
        bad = [name for name in names or ACTIVATIONS
               if subprocess.run([program, name, "1"]).returncode]
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
