"""run.py [NAME..]: the checks that take too long for `make check`.

Each is a command of CHECKS below that exits with 0 when all is well; without
names all are run, one after the other.
"""
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# name: what it shows, the script beside this file and its arguments
CHECKS = {
    "faults": ("every fault planted by hand is caught", ["faults.py"]),
    "stack": ("no example's C takes 2 KiB of stack, nor warns at -O2",
              ["../contract/stack-stays-below-2-kib.py", "--all"]),
    "warnings": ("no example's C for this machine warns at -O3",
                 ["no_warnings.py"]),
    "elementary": ("the elementary functions keep their bounds at every float",
                   ["elementary.py"]),
    "models": ("the large networks of bench/models at full width give what "
               "PyTorch gives", ["models.py"]),
}


def environment():
    """That of the tests of `make check`."""
    root = os.path.dirname(os.path.dirname(HERE))
    build = os.environ.get("DLC_BUILD", os.path.join(root, "build"))
    return dict(os.environ, DLC=os.path.join(build, "dlc"), DLC_ROOT=root,
                PYTHONPATH=os.path.join(root, "tests", "lib"))


def main(names):
    unknown = [n for n in names if n not in CHECKS]
    if unknown:
        print(f"run.py: no check {', '.join(unknown)}; there are: "
              f"{' '.join(CHECKS)}")
        return 2
    failed = []
    for name in names or CHECKS:
        claim, (script, *arguments) = CHECKS[name]
        print(f"== {name}: {claim}", flush=True)
        start = time.monotonic()
        command = [sys.executable, os.path.join(HERE, script), *arguments]
        if subprocess.run(command, env=environment()).returncode:
            failed.append(name)
        print(f"== {name}: {'FAILED' if name in failed else 'ok'}, "
              f"{time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
