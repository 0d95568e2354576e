"""What the parts of the benchmark share: building, peers, records.

Everything lies under build/bench. What was compiled is kept under a name
made of its text and its compile line, so a second run compiles what changed.
"""
import glob
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
FOLDER = ROOT / "build" / "bench"
RECORDS = FOLDER / "records"
DLC = os.environ.get("DLC", str(ROOT / "build" / "dlc"))
FLAGS = ["-O3", "-march=native", "-mprefer-vector-width=512"]
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]

INSTALL = {
    "onnxruntime": "npm install --prefix build/bench --ignore-scripts "
                   "onnxruntime-node@1.30",
    "torch": "apt-get install -y python3-torch",
    "openblas": "apt-get install -y libopenblas-dev",
    "fftw": "apt-get install -y libfftw3-dev",
}


def run(command, **options):
    """The output of a program; a failure shows what it said."""
    done = subprocess.run([str(c) for c in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def key_of(*parts):
    text = "\0".join(str(p) for p in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compiler_version(compiler):
    return re.search(r"\d+\.\d+(\.\d+)?",
                     run([compiler, "--version"])).group()


def ort_library():
    found = glob.glob(str(FOLDER / "node_modules/onnxruntime-node/bin/*/linux/*"
                          "/libonnxruntime.so.1"))
    return os.environ.get("DLC_ORT_LIBRARY") or (found[0] if found else None)


def has_header(name):
    return subprocess.run(["cc", "-E", "-xc", "-"], text=True,
                          input=f"#include <{name}>\n",
                          capture_output=True).returncode == 0


LEFT_OUT = set()  # peers that are here and not wanted


def peers():
    """Which peers are here."""
    here = {"onnxruntime": ort_library() is not None,
            "torch": importlib.util.find_spec("torch") is not None,
            "openblas": has_header("cblas.h"),
            "fftw": has_header("fftw3.h")}
    return {name: there and name not in LEFT_OUT
            for name, there in here.items()}


def missing_peers():
    return [f"{name} is missing: {INSTALL[name]}"
            for name, here in peers().items() if not here]


# ---- ours ----

class Generated:
    """C made by dlc for one source, and its counts."""

    def __init__(self, source, options=(), target="native"):
        source = pathlib.Path(source)
        options = [f"--target={target}", *options]
        key = key_of(source, source.read_text(), options, DLC,
                     pathlib.Path(DLC).stat().st_mtime_ns)
        self.folder = FOLDER / "c" / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self.c = self.folder / f"{source.stem}.c"
        if not self.c.exists():
            self.make(source, options)
        self.header_name = f"{source.stem}.h"
        self.header = self.c.with_suffix(".h").read_text()
        self.name = re.search(r"void (\w+)_init\(|int (\w+)_pack\(",
                              self.header)
        self.name = self.name.group(1) or self.name.group(2)

    def make(self, source, options):
        part = self.c.with_suffix(".part.c")
        run([DLC, source, *options, "-o", part])
        text = part.read_text().replace(part.stem, self.c.stem)
        part.with_suffix(".h").rename(self.c.with_suffix(".h"))
        self.c.write_text(text)
        part.unlink()

    def macro(self, name):
        """Value of NAME_... in the header, or None."""
        found = re.search(rf"#define {self.name.upper()}_{name} (\d+)",
                          self.header)
        return int(found.group(1)) if found else None


def build(compiler, worker, defines=(), generated=None, extra=(), libs=(),
          flags=None):
    """Compiles worker.c, the given worker and perhaps generated C."""
    line = [compiler] + (flags or FLAGS) + list(extra)
    sources = [BENCH / "worker.c", BENCH / f"{worker}.c"]
    texts = [s.read_text() for s in sources]
    if generated:
        sources.append(generated.c)
        texts.append(generated.c.read_text())
    out = FOLDER / "bin" / f"{worker}-{key_of(line, defines, libs, *texts)}"
    if out.exists():
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    include = [f"-I{generated.folder}"] if generated else []
    part = out.with_suffix(".part")
    run(line + ["-std=gnu11", f"-I{BENCH}"] + include + list(defines) +
        sources + ["-o", part, "-lm", *libs])
    part.rename(out)
    return out


# ---- records ----

def save_record(name, record):
    RECORDS.mkdir(parents=True, exist_ok=True)
    (RECORDS / f"{name}.json").write_text(json.dumps(record, indent=1))


def load_record(name):
    path = RECORDS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None
