"""Arrays against arrays: prints every comparison, remembers failures."""
import sys

import numpy as np

_bad = []


def close(name, got, expected, tolerance):
    """The L2 norm of the difference, relative to that of what is expected."""
    got = np.asarray(got, dtype=np.float64)
    expected = np.asarray(expected, dtype=np.float64)
    if got.shape != expected.shape:
        print(f"{name}: shape {got.shape} instead of {expected.shape}  BAD")
        _bad.append(name)
        return
    norm = np.linalg.norm(expected)
    error = np.linalg.norm(got - expected) / (norm if norm > 0 else 1)
    ok = error <= tolerance
    print(f"{name}: {error:.1e}{'' if ok else '  BAD'}")
    if not ok:
        _bad.append(name)


def finish():
    if _bad:
        sys.exit(f"{len(_bad)} failures: {', '.join(_bad)}")
