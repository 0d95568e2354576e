"""lit runs the RUN lines of every test, FileCheck the CHECK lines."""
import os
import sys

llvm = "/usr/lib/llvm-14"
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.environ.get("DLC_BUILD", os.path.join(root, "build"))
warn = "-Wall -Wextra -Wshadow -Wvla -Wconversion -pedantic"
generated = "-std=c99 -pedantic -Wall -Wextra -Wconversion -Wshadow -Wdouble-promotion -Wvla -Werror"

sys.path.append(os.path.join(root, "tests", "lib"))
import lit_format  # noqa: E402

config.name = "dlc"
config.test_format = lit_format.Format(execute_external=False)
config.suffixes = [".dl", ".dlir", ".c", ".py", ".test"]
config.excludes = ["lit.cfg.py", "Inputs", "data", "slow", "replay.py", "lib",
                   "expected"]
config.test_source_root = os.path.join(root, "tests")
config.test_exec_root = os.path.join(build, "tests")
config.environment["PATH"] = (os.path.join(llvm, "bin") + os.pathsep
                              + os.environ["PATH"])
for name in ("DLC_DATA_DIR", "CC", "DLC_CFLAGS", "DLC_TEST_TARGET"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# Drivers built by `dlc run` in tests need not be fast.
config.environment.setdefault("DLC_CFLAGS", "-O1")
config.environment["DLC_RUNTIME"] = os.path.join(build, "libruntime.a")
config.environment["PYTHONPATH"] = os.path.join(root, "tests", "lib")
config.environment["DLC"] = os.path.join(build, "dlc")
config.environment["DLC_ROOT"] = root

# Most of a test's time is the C compiler's: `make check` lets it be quick, and
# continuous integration runs the same tests with DLC_TEST_LEVEL=-O2.
level = os.environ.get("DLC_TEST_LEVEL", "-O0")
config.environment["DLC_TEST_LEVEL"] = level
native = "cc"
if level == "-O0":  # where clang takes half of gcc's time
    native = "clang"
    config.environment.setdefault("CC", native)
else:
    config.available_features.add("time")

target = os.environ.get("DLC_TEST_TARGET", "generic")
config.substitutions += [
    ("%level", level if target == "generic" else f"{level} -march={target}"),
    # clang takes three times as long with all checks of undefined behaviour
    ("%sanitize", "-fsanitize=address" if level == "-O0"
     else "-fsanitize=address,undefined -fno-sanitize-recover"),
    ("%dlc", os.path.join(build, "dlc")),
    ("%cc", f"{native} -std=c11 -D_POSIX_C_SOURCE=200809L {warn} -Werror -I{root}/compiler -I{build}"),
    ("%gcc", f"gcc {generated}"),
    # where %cc is another compiler
    ("%also_clang", "true" if level == "-O0" else f"clang {generated}"),
    ("%clang", f"clang {generated}"),
    ("%cxx", "g++ -x c++ -std=c++17 -Wall -Wextra -Werror"),
    ("%fails", f"bash {root}/tests/lib/fails.sh"),
    ("%objs", os.path.join(build, "libdlc.a")),
    ("%runtime", os.path.join(root, "runtime")),
    ("%kernels", os.path.join(root, "runtime", "kernels")),
    ("%examples", os.path.join(root, "examples")),
    ("%python", "/usr/bin/python3"),
    ("%build", build),
    ("%root", root),
]
