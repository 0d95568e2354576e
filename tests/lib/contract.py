"""The examples' generated C and what its header says, for tests/contract."""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import numpy as np

from emitted import DLC, ROOT, run
from model import _TYPES, Model, _Array

# Every example, whole.
ALL = ["alexnet", "autoencoders", "googlenet", "inception", "lenet5",
       "lenet5_relu", "mlp", "multitask", "stream"]
STRICT = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Wconversion",
          "-Wshadow", "-Wvla", "-Werror"]
# In position-independent code tables of pointers to text are relocated once and
# count as data, so it is switched off here.
PLAIN = [*STRICT, "-O0", "-fno-pic", "-fno-pie"]
# Those whose entries run in a moment: options that make them small.
SMALL = [("lenet5", []), ("lenet5_relu", ["--threads=3"]), ("mlp", ["-D", "H=48"]),
         ("multitask", []), ("autoencoders", ["-D", "D=24", "-D", "K=7"]),
         ("inception", ["-D", "N=1"]), ("stream", [])]


def source(example):
    return os.path.join(ROOT, "examples", example, "model.dl")


def generate(folder, example, *options):
    """The C file of an example, in folder."""
    c_file = pathlib.Path(folder) / f"{example}.c"
    run(DLC, source(example), *options, "-o", c_file)
    return c_file


@contextlib.contextmanager
def kept():
    """A folder for what several tests compile; one test at a time is in it."""
    folder = pathlib.Path(DLC).parent / "tests" / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def plain_objects():
    """Objects of all examples at -O0 by name, beside their C; kept while the
    compiler and the example are the same."""
    compiler = hashlib.sha256(repr(PLAIN).encode()
                              + pathlib.Path(DLC).read_bytes())
    with kept() as keep:
        jobs, objects = [], {}
        for name in ALL:
            key = compiler.copy()
            key.update(pathlib.Path(source(name)).read_bytes())
            mine = keep / f"{name}-{key.hexdigest()[:16]}"
            objects[name] = mine / f"{name}.o"
            if objects[name].exists():
                continue
            for old in [*keep.glob(f"{name}-*"), mine]:
                shutil.rmtree(old, ignore_errors=True)
            mine.mkdir()
            c_file = generate(mine, name)
            jobs.append(["clang", *PLAIN, "-c", str(c_file), "-o",
                         str(objects[name])])
        compile_two_at_a_time(jobs, keep)
    return objects


def compile_all(folder, flags, examples=ALL, options=()):
    """Objects of the examples by name."""
    jobs, objects = [], {}
    for name in examples:
        c_file = generate(folder, name, *options)
        objects[name] = c_file.with_suffix(".o")
        jobs.append(["gcc", *flags, "-c", str(c_file), "-o", str(objects[name])])
    compile_two_at_a_time(jobs, folder)
    return objects


def compile_two_at_a_time(jobs, folder):
    running = []
    while jobs or running:
        while jobs and len(running) < 2:
            running.append(subprocess.Popen(jobs.pop(0), cwd=folder))
        p = running.pop(0)
        if p.wait():
            raise SystemExit(f"failed: {' '.join(p.args)}")


def model_names(header):
    return re.findall(r"const char \*(\w+)_strerror\(int status\);", header)


def bound(library, name):
    """The largest n, or None when every size is fixed."""
    return library.macros.get(f"{name.upper()}_MAX_N")


def _table(library, name, what):
    count = library.macros.get(f"{name.upper()}_{what.upper()}_COUNT", 0)
    if not count:
        return []
    return list((_Array * count).in_dll(library.c, f"{name}_{what}_table"))


def _shape(row, n):
    return [n if d < 0 else d for d in row.sizes[:row.rank]]


def _label_bound(library, name):
    text = re.sub(r"\s*\n \*\s*", " ", library.header)
    m = re.search(r"in_%s \[[^]]*\] of 0\.\.(\d+)" % name, text)
    return int(m[1]) + 1 if m else 2


def inputs(library, name, n, rng):
    """Random arrays by input name."""
    result = {}
    for row in _table(library, name, "input"):
        key, dtype = row.name.decode(), _TYPES[row.type]
        shape = _shape(row, n)
        result[key] = (rng.integers(_label_bound(library, key), size=shape)
                       .astype(dtype) if dtype == np.int32
                       else rng.standard_normal(shape).astype(dtype))
    return result


def output_shapes(library, name, n):
    return {row.name.decode(): _shape(row, n)
            for row in _table(library, name, "output")}


def entries(library, name):
    """(entry, train block or None) of a model that need a workspace."""
    blocks = re.findall(r"typedef struct %s_(\w+)_state \{" % name,
                        library.header)
    result = []
    for f in library.functions:
        entry = f[len(name) + 1:]
        if not f.startswith(f"{name}_") or not any(
                a.name == "workspace" for a in library[f].arguments):
            continue
        block = next((b for b in sorted(blocks, key=len, reverse=True)
                      if entry == b or entry.startswith(f"{b}_")), None)
        result.append((entry, block))
    return result


def call(m: Model, entry, block, n, rng):
    """Runs an entry on random arrays: the arrays and numbers it gives."""
    lib, name = m.library, m.name
    values = inputs(lib, name, n, rng)
    shapes = output_shapes(lib, name, n)
    count = lib.macros.get(f"{name.upper()}_{entry.upper()}_COUNT")
    if count:
        shapes["gradient"] = [count]
    if entry == f"{block}_update":
        count = lib.macros[f"{name.upper()}_{block.upper()}_GRADIENT_COUNT"]
        values = {"gradient": rng.standard_normal(count).astype(np.float32)}
    results, numbers = m.call(entry, values, shapes, n=n, seed=7, block=block)
    return {**results, **numbers}
