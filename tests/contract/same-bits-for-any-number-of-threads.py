# --threads shares the work of large steps, and inference, evaluation and training
# give the same bits for any number of threads, with and without OpenMP; the
# workspace holds the scratch of every thread.
# RUN: %python %s
import os
import pathlib
import re
import sys
import tempfile

import numpy as np

os.environ["CC"] = "gcc"  # clang's OpenMP is a library that may be missing
import contract  # noqa: E402
import model  # noqa: E402

MODELS = [("lenet5_relu", []), ("mlp", ["-D", "H=128"])]
bad = []


def outcomes(example, options, flags=()):
    """Bytes of all that each entry makes, by entry; parallel loops."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        lib = model.build(folder, contract.source(example), *options,
                          "--entries=infer,eval,step", flags=flags)
        text = (pathlib.Path(folder) / "model.c").read_text()
        shared = len(re.findall(r"^\s+(?:PARALLEL|SHARED)$", text, re.M))
        for name in contract.model_names(lib.header):
            m = model.Model(lib, name)
            m.init(3)
            most = contract.bound(lib, name)
            for entry, block in contract.entries(lib, name):
                for n in {1, most} if most else {2}:
                    got = contract.call(m, entry, block, n,
                                        np.random.default_rng(5))
                    parts = [np.asarray(v).tobytes() for v in got.values()]
                    parts.append(m.params.bytes.tobytes())
                    found[name, entry, n] = b"".join(parts)
    return found, shared


def main():
    entries, loops = 0, 0
    for example, options in MODELS:
        want, none = outcomes(example, options)
        if none:
            bad.append(f"{example}: threads without --threads")
        for threads, flags in ((2, ["-fopenmp"]), (3, ["-fopenmp"]), (3, [])):
            got, shared = outcomes(
                example, [*options, f"--threads={threads}"], flags)
            loops += shared
            for key, value in want.items():
                entries += 1
                if got[key] != value:
                    bad.append(f"{key}: {threads} threads, {flags}")
    print("\n".join(bad))
    print(f"{entries} entries, {loops} loops, {len(bad)} bad")
    sys.exit(1 if bad or entries < 40 or loops < 50 else 0)


main()
