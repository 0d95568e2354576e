# NAME_init writes every parameter, the same bits for the same seed and others for
# another seed; tables by name describe every member of the struct.
# RUN: %python %s
import re
import sys
import tempfile

import numpy as np

import contract
import model

bad = []


def check(ok, text):
    if not ok:
        bad.append(text)
        print(text)


def check_table(m, header):
    """The members that the header shows are the rows of the table, in order."""
    body = re.search(r"typedef struct %s_params \{(.*?)\n\}" % m.name, header,
                     re.S)[1]
    shown = re.findall(r"/\* (\S+) \[([\d,]*)\]", body)
    table = [(name, ",".join(map(str, a.shape)))
             for name, a in m.params.members.items()]
    check(shown == table, f"{m.name}: the header has {shown}, the table {table}")
    at = [a.ctypes.data for a in m.params.members.values()]
    end = [a.ctypes.data + a.nbytes for a in m.params.members.values()]
    check(all(e <= b for e, b in zip(end, at[1:])), f"{m.name}: overlaps")


def first_values(m, fill, seed):
    m.params.bytes[...] = fill
    m.init(seed)
    return m.params.copy()


def main():
    count = 0
    for example, options in (("lenet5", []), ("autoencoders", [])):
        with tempfile.TemporaryDirectory() as folder:
            lib = model.build(folder, contract.source(example), *options,
                              level="-O0")
        for name in contract.model_names(lib.header):
            m = model.Model(lib, name)
            check_table(m, lib.header)
            a, b = first_values(m, 0xFF, 3), first_values(m, 0x00, 3)
            c = first_values(m, 0xFF, 4)
            for p in a:
                count += 1
                what = f"{name}: {p}"
                check(not np.isnan(a[p]).any(), f"{what} is not written")
                check(a[p].tobytes() == b[p].tobytes(), f"{what} differs")
                if a[p].any():
                    check(not np.array_equal(a[p], c[p]), f"{what}: same "
                          "values for another seed")
    print(f"{count} parameters, {len(bad)} bad")
    sys.exit(1 if bad or count < 19 else 0)


main()
