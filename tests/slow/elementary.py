"""elementary.py [NAME..]: the float functions of generated C keep their
bounds at every one of the 2^32 floats, with fused multiply-adds and without.

NAME is a function of tests/unit/elementary_test.c; without names those that
activations are made of. One to two minutes each.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ACTIVATIONS = ["exp", "exp_down", "log", "tanh", "sigmoid", "log1p", "erf",
               "softplus",
               "sqrt"]


def has_fma():
    try:
        with open("/proc/cpuinfo") as f:
            return " fma " in f.read()
    except OSError:
        return False


def sweeps(flags, names):
    """The names that failed."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "sweep")
        subprocess.run(
            [os.environ.get("CC", "cc"), "-std=c11", "-O2", *flags,
             "-D_POSIX_C_SOURCE=200809L", "-Wno-unused-function",
             os.path.join(ROOT, "tests/unit/elementary_test.c"), "-lm", "-o",
             program], check=True)
        return [name for name in names
                if subprocess.run([program, name, "1"]).returncode]


def main(names):
    bad = sweeps(["-ffp-contract=off"], names or ACTIVATIONS)
    if has_fma():
        bad += sweeps(["-mfma", "-ffp-contract=fast"], names or ACTIVATIONS)
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
