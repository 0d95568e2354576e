"""A compiled model: its parameters by name, its entries as methods."""
import ctypes
import pathlib
import re

import numpy as np

from emitted import CC, LEVEL, Library, compile_c, generate

_TYPES = {b"f32": np.float32, b"f64": np.float64, b"c128": np.complex128,
          b"i32": np.int32, b"bool": np.uint8}


class _Array(ctypes.Structure):
    """One row of a generated table, NAME_array."""
    _fields_ = [("name", ctypes.c_char_p), ("type", ctypes.c_char_p),
                ("rank", ctypes.c_int), ("sizes", ctypes.c_int64 * 8),
                ("offset", ctypes.c_size_t)]


def aligned(size):
    raw = np.zeros(size + 64, dtype=np.uint8)
    at = -raw.ctypes.data % 64
    return raw[at:at + size]


def _write_sizes(folder, header):
    """A C file that exports sizeof_T for every struct T of the header."""
    text = pathlib.Path(header).read_text()
    lines = [f'#include "{pathlib.Path(header).name}"']
    for name in re.findall(r"typedef struct (\w+) \{", text):
        lines.append(f"extern const size_t sizeof_{name};\n"
                     f"const size_t sizeof_{name} = sizeof({name});")
    path = pathlib.Path(folder) / f"{pathlib.Path(header).stem}_sizes.c"
    path.write_text("\n".join(lines) + "\n")
    return path


def build(folder, source, *options, name="model", level=LEVEL, flags=(),
          cc=CC):
    """Compiles all models of a .dl file into one library."""
    folder = pathlib.Path(folder)
    c_file = folder / f"{name}.c"
    generate(source, options, c_file)
    header = c_file.with_suffix(".h")
    sizes = _write_sizes(folder, header)
    flags = list(flags)
    if "--blas=openblas" in options:
        flags.append("-DBLAS")
    so = compile_c([c_file, sizes], folder / f"{name}.so", flags, level, cc)
    return Library(so, [header])


class Struct:
    """A struct's bytes, and its members of a table as arrays by name."""

    def __init__(self, library, type_name, table=None):
        size = ctypes.c_size_t.in_dll(library.c, f"sizeof_{type_name}").value
        self.bytes = aligned(size)
        self.members = {}
        count = library.macros.get(f"{table.upper()}_COUNT") if table else 0
        if not count:
            return
        rows = (_Array * count).in_dll(library.c, f"{table}_table")
        for row in rows:
            dtype, shape = np.dtype(_TYPES[row.type]), row.sizes[:row.rank]
            end = row.offset + int(np.prod(shape)) * dtype.itemsize
            self.members[row.name.decode()] = (
                self.bytes[row.offset:end].view(dtype).reshape(shape))

    def __getitem__(self, name):
        return self.members[name]

    def fill(self, values):
        assert set(values) == set(self.members), (
            f"given {sorted(values)}, there are {sorted(self.members)}")
        for name, v in values.items():
            self.members[name][...] = v

    def copy(self):
        return {k: v.copy() for k, v in self.members.items()}


class Model:
    def __init__(self, library, name):
        self.library, self.name = library, name
        self.params = Struct(library, f"{name}_params", f"{name}_param") \
            if f"typedef struct {name}_params " in library.header else None
        self.weights = Struct(library, f"{name}_weights") \
            if f"typedef struct {name}_weights " in library.header else None
        self.states = {}
        self.memory = None  # what every call changes
        if f"typedef struct {name}_state " in library.header:
            self.memory = Struct(library, f"{name}_state", f"{name}_state")
            self.call("state_init", {})

    def init(self, seed):
        self.call("init", {}, seed=seed)

    def state(self, block):
        if block not in self.states:
            kind = f"{self.name}_{block}_state"
            self.states[block] = Struct(self.library, kind, kind)
            if f"{kind}_init" in self.library.functions:
                self.call(f"{block}_state_init", {}, block=block)
        return self.states[block]

    def _values(self, function):
        """The struct of losses or metrics that a function fills, and the
        names in it."""
        for a in function.arguments:
            if a.name in ("l", "m"):
                body = re.search(r"typedef struct %s \{(.*?)\}" % a.type,
                                 self.library.header, re.S)[1]
                body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
                return Struct(self.library, a.type), re.findall(
                    r"(\w+);", body)
        return None, []

    def call(self, entry, inputs, outputs=None, n=None, seed=0, block=None):
        """Runs NAME_entry. Returns (results by name, losses and metrics)."""
        f = self.library[f"{self.name}_{entry}"]
        values = {f"in_{k}": v for k, v in inputs.items()}
        struct, names = self._values(f)
        takes = {a.name for a in f.arguments}
        if self.params and "p" in takes:
            values["p"] = self.params.bytes
        if self.weights and "w" in takes:
            values["w"] = self.weights.bytes
            if entry != "pack":
                self.call("pack", {})
        if "state" in takes:
            values["state"] = self.memory.bytes
        if "s" in takes:
            values["s"] = self.state(block or entry).bytes
        if struct:
            values["l"] = values["m"] = struct.bytes
        if n is None:
            n = next((len(v) for v in inputs.values()), 1)
        results = f(values, outputs or {}, n=n, seed=seed)
        if not struct:
            return results, {}
        elem = np.complex128 if "double _Complex" in self.library.header \
            else np.float64
        return results, dict(zip(names, struct.bytes.view(elem)))
