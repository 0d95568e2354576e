# Every name that generated C exports or that its header gives to the user begins
# with the model's name, or with --prefix.
# RUN: %python %s
import re
import subprocess
import sys
import tempfile

import contract

bad = []


def exported(obj):
    r = subprocess.run(["nm", "-g", "--defined-only", "-fposix", obj],
                       capture_output=True, text=True, check=True)
    return [line.split()[0] for line in r.stdout.splitlines()]


def declared(header):
    """Macros, types, enumerators and functions of a header."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    names = re.findall(r"^#define (\w+)", text, re.M)
    names += re.findall(r"^typedef (?:struct|enum) (\w+) \{", text, re.M)
    names += re.findall(r"^\} (\w+);", text, re.M)
    names += re.findall(r"^ +([A-Z]\w+) = \d", text, re.M)
    names += re.findall(r"^(?:int|void|size_t|const char \*) ?(\w+)\(", text,
                        re.M)
    return names


def check(what, names, prefixes, guard=None):
    ok = tuple(p for name in prefixes for p in (f"{name}_", f"{name}_".upper()))
    wrong = [n for n in names if not n.startswith(ok) and n != guard]
    print(f"{what}: {len(names)} names, {len(wrong)} wrong")
    if wrong or len(names) < 5:
        bad.append(what)
        print(f"  {wrong}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, obj in contract.plain_objects().items():
            header = obj.with_suffix(".h").read_text()
            models = contract.model_names(header)
            check(f"{name}.o", exported(obj), models)
            check(f"{name}.h", declared(header), models,
                  f"{name.upper()}_H")
        c_file = contract.generate(folder, "lenet5", "--prefix=eye")
        obj = c_file.with_suffix(".o")
        subprocess.run(["gcc", "-O0", "-c", c_file, "-o", obj], check=True)
        check("lenet5.o, --prefix=eye", exported(obj), ["eye"])
        check("lenet5.h, --prefix=eye",
              declared(c_file.with_suffix(".h").read_text()), ["eye"],
              "LENET5_H")
    sys.exit(1 if bad else 0)


main()
