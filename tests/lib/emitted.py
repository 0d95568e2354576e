"""Generated C as a Python object: compiled to a shared library, called through
ctypes. What a function takes is read from the generated header."""
import ctypes
import os
import re
import subprocess

import numpy as np

ROOT = os.path.abspath(os.environ.get(
    "DLC_ROOT", os.path.join(os.path.dirname(__file__), "..", "..")))
DLC = os.path.abspath(os.environ.get("DLC", os.path.join(ROOT, "build", "dlc")))
CC = os.environ.get("CC", "cc")
# Small models are compiled longer than they run. .ci/run asks for more.
LEVEL = os.environ.get("DLC_TEST_LEVEL", "-O0")
# Where a test names no target: the one it is generated and compiled for.
TARGET = os.environ.get("DLC_TEST_TARGET", "generic")

_ELEMS = {"float": np.float32, "double": np.float64,
          "double _Complex": np.complex128, "int32_t": np.int32,
          "uint8_t": np.uint8}
_ALIGN = 64


class Failure(Exception):
    pass


def run(*command):
    """Standard output; Failure with everything the command said."""
    r = subprocess.run([str(c) for c in command], capture_output=True,
                       text=True)
    if r.returncode:
        raise Failure(f"{' '.join(map(str, command))}\nexit {r.returncode}\n"
                      f"{r.stdout[-2000:]}{r.stderr[-4000:]}")
    return r.stdout


def generate(source, options, c_file):
    if not any(o.startswith("--target=") for o in options):
        options = [f"--target={TARGET}", *options]
    run(DLC, source, *options, "-o", c_file)
    return c_file


def compiler_of(real):
    """In `make check`, f64 is compiled as plain C: tcc knows no vectors, and
    takes a twentieth of the time."""
    return "tcc" if real == "f64" and LEVEL == "-O0" else CC


def compile_c(c_files, library, flags=(), level=LEVEL, cc=CC):
    """One call of the C compiler for all files, each warning an error."""
    march = [] if TARGET == "generic" else [f"-march={TARGET}"]
    run(cc, "-std=c99", level, *march, "-fPIC", "-shared", "-Wall",
        "-Wextra", "-Werror", *flags, *c_files, "-o", library, "-lm",
        *(["-lopenblas"] if "-DBLAS" in flags else []))
    return library


class Argument:
    def __init__(self, text):
        m = re.fullmatch(r"\s*(const )?(.+?)\s*(\*?)\s*(\w+)\s*", text)
        self.type, self.name = m[2], m[4]
        self.pointer = m[3] == "*"
        self.elem = _ELEMS.get(self.type)


class Function:
    def __init__(self, c, name, has_status, arguments, workspace_bytes):
        self.c, self.name = c, name
        self.arguments = [Argument(a) for a in arguments]
        raw = np.zeros(workspace_bytes + _ALIGN, dtype=np.uint8)
        at = -raw.ctypes.data % _ALIGN
        self.workspace = raw[at:at + workspace_bytes]
        c.restype = ctypes.c_int if has_status else None

    def __call__(self, values, outputs, n=None, seed=0):
        """values: arrays by input name (in_NAME) and structs by argument name;
        outputs: shapes by result name. Returns arrays by result name."""
        results, call, keep = {}, [], []
        for a in self.arguments:
            if a.name == "workspace":
                keep.append(self.workspace)
                call.append(ctypes.c_void_p(self.workspace.ctypes.data))
            elif a.name == "n" and not a.pointer:
                call.append(ctypes.c_int(n))
            elif a.name == "seed":
                call.append(ctypes.c_uint64(seed))
            elif a.name.startswith("in_") or a.name in values:
                key = a.name if a.name in values else a.name[3:]
                v = np.ascontiguousarray(values[key], dtype=a.elem) \
                    if a.elem else values[key]
                keep.append(v)
                call.append(ctypes.c_void_p(v.ctypes.data))
            elif a.name.startswith("out_"):
                # NaN, so that an element nobody writes is seen
                v = np.zeros(outputs[a.name[4:]], dtype=a.elem)
                if v.dtype.kind in "fc":
                    v[...] = np.nan
                results[a.name[4:]] = v
                call.append(ctypes.c_void_p(v.ctypes.data))
            else:
                raise Failure(f"{self.name}: nothing for {a.name}")
        status = self.c(*call)
        if status:
            raise Failure(f"{self.name} returned {status}")
        return results


class Library:
    """The functions a header declares, as attributes by C name."""

    def __init__(self, library, headers):
        self.c = c = ctypes.CDLL(str(library))
        self.macros, self.functions, self.header = {}, {}, ""
        for h in headers:
            with open(h) as f:
                self.header += f.read()
        for name, value in re.findall(r"#define (\w+) +\(?(\d+)\)?",
                                      self.header):
            self.macros[name] = int(value)
        text = re.sub(r"/\*.*?\*/", "", self.header, flags=re.S)
        for result, name, arguments in re.findall(
                r"^(int|void) (\w+)\(([^)]*)\);", text, flags=re.S | re.M):
            size = self.macros.get(name.upper() + "_WORKSPACE_BYTES", 0)
            arguments = [] if arguments == "void" else \
                re.sub(r"\s+", " ", arguments).split(",")
            self.functions[name] = Function(getattr(c, name), name,
                                            result == "int", arguments, size)

    def __getitem__(self, name):
        return self.functions[name]


def cpu_has(*flags):
    """Whether this machine runs code for these features of x86."""
    try:
        with open("/proc/cpuinfo") as f:
            return set(flags) <= set(f.read().split())
    except OSError:
        return False
