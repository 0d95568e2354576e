# The same program gives the same C, byte for byte: in another folder, under another
# name of the folder, with another locale, time zone, environment and memory layout.
# RUN: %python %s
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import contract
from emitted import DLC

PLAIN = {"PATH": os.environ["PATH"]}
WAYS = {  # large networks take the first alone
    "German commas, dirty memory": {
        **PLAIN, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE",
        "MALLOC_PERTURB_": "165"},
    "Turkish letters, a large environment": {
        **PLAIN, "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Tokyo",
        **{f"V{i}": "x" * i for i in range(99)}},
    "no environment": {},
}


def generate(model, out, environment, cwd):
    subprocess.run([DLC, model, "-o", out], cwd=cwd, env=environment,
                   check=True, capture_output=True)
    return (pathlib.Path(cwd, out).read_bytes(),
            pathlib.Path(cwd, out).with_suffix(".h").read_bytes())


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for example in contract.ALL:
            path = contract.source(example)
            first = generate(path, "model.c", PLAIN, folder)
            large = example in ("alexnet", "googlenet", "inception")
            for what, environment in list(WAYS.items())[:1 if large else None]:
                other = os.path.join(folder, "a folder " + "deep/" * 9)
                os.makedirs(other, exist_ok=True)
                shutil.copy(path, os.path.join(other, "model.dl"))
                if generate("model.dl", "model.c", environment,
                            other) != first:
                    bad += 1
                    print(f"{example}: different ({what})")
                for word in (folder, "tmp"):
                    if any(word.encode() in text for text in first):
                        bad += 1
                        print(f"{example}: names a path")
    print(f"{len(contract.ALL)} examples in {len(WAYS)} ways, {bad} bad")
    sys.exit(1 if bad else 0)


main()
