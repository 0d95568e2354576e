"""The format of the tests: lit's RUN lines; a test that is one Python program
(`RUN: %python %s` alone) starts as a copy of the worker's process, in which the
large packages are already imported."""
import os
import re
import runpy
import signal
import sys
import tempfile
import time

import lit.formats
import lit.Test

REQUIRES = re.compile(r"^\s*# REQUIRES: (\w+)$", re.M)
ALONE = re.compile(r"^\s*# RUN: %python %s$", re.M)
IMPORTS = re.compile(r"^\s*(?:import|from) (\w+)", re.M)
LARGE = {"numpy", "torch"}
LIMIT = 600  # seconds


def needs(path, lib, seen):
    """The large packages that a program imports, itself or through lib."""
    with open(path) as f:
        names = set(IMPORTS.findall(f.read())) - seen
    seen |= names
    found = names & LARGE
    for name in names:
        part = os.path.join(lib, f"{name}.py")
        if os.path.exists(part):
            found |= needs(part, lib, seen)
    return found


def become(test, path, output):
    """In the new process: runs the program and ends."""
    code = 1
    try:
        os.setpgid(0, 0)
        for number in (1, 2):
            os.dup2(output.fileno(), number)
        folder = os.path.join(test.suite.getExecPath(test.path_in_suite[:-1]))
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(test.config.environment)
        sys.stdout = open(1, "w", closefd=False)
        sys.stderr = open(2, "w", closefd=False)
        sys.argv[:] = [path]
        sys.path[0:0] = [test.config.environment["PYTHONPATH"]]
        try:
            runpy.run_path(path, run_name="__main__")
            code = 0
        except SystemExit as e:
            if isinstance(e.code, str):
                print(e.code, file=sys.stderr)
            code = e.code if isinstance(e.code, int) else int(bool(e.code))
    except BaseException:
        sys.stdout.flush()
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(pid):
    """The exit status; None after LIMIT, when it is ended."""
    end, pause = time.monotonic() + LIMIT, 0.002
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def run(test, path, lib):
    for name in sorted(needs(path, lib, set())):
        __import__(name)
    with tempfile.TemporaryFile() as output:
        pid = os.fork()
        if pid == 0:
            become(test, path, output)
        status = wait(pid)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if status == 0:
        return lit.Test.PASS, ""
    why = (f"still running after {LIMIT} s" if status is None
           else f"exit {status}")
    return lit.Test.FAIL, f"{text}\n{path}: {why}"


class Format(lit.formats.ShTest):
    def execute(self, test, litConfig):
        path = test.getSourcePath()
        if not path.endswith(".py"):
            return super().execute(test, litConfig)
        with open(path) as f:
            text = f.read()
        if text.count("RUN" + ":") != 1 or not ALONE.search(text):
            return super().execute(test, litConfig)
        missing = (set(REQUIRES.findall(text))
                   - set(test.config.available_features))
        if missing:
            return lit.Test.UNSUPPORTED, f"requires {' '.join(missing)}"
        return run(test, path, test.config.environment["PYTHONPATH"])
