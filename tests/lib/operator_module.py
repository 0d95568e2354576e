"""IR modules with one function for each case: forward, or its gradient.

A scalar loss, sum(v * op(inputs)), makes every element of the result count;
v is an argument, so that nothing folds.
"""
from cases import BOUND


def _module(name, real, functions):
    return (f"stage typed\nmodel {name}\nreal {real}\ndim N <= {BOUND}\n"
            + "".join(functions))


def _function(name, args, lines, results):
    body = "".join(f"  {line}\n" for line in lines)
    return (f"func @{name}({', '.join(args)}) {{\n{body}"
            f"  return {', '.join(results)}\n}}\n")


def forward(name, real, cases):
    return _module(name, real, [
        _function(c.name, c.args(real), [*c.before(real), c.node(real)],
                  ["%y"])
        for c in cases])


def _loss(case, real):
    dims = ",".join(map(str, case.result_dims()))
    args = case.args(real) + [f"%v: {real}[{dims}]" if dims else f"%v: {real}"]
    lines = [*case.before(real), case.node(real), "%weighted = mul %y, %v"]
    rank = len(case.result_dims())
    axes = ", ".join(map(str, range(rank)))
    lines.append(f"%l = sum %weighted {{axes = ({axes})}}" if rank
                 else "%l = mul 1.0, %weighted")
    return args, lines


def losses(name, real, cases):
    """@CASE(inputs, v) -> l"""
    return _module(name, real, [
        _function(c.name, *_loss(c, real), ["%l"]) for c in cases])


def gradients(name, real, cases):
    """@CASE(inputs, v) -> g0, g1: by each real input"""
    functions = []
    for c in cases:
        args, lines = _loss(c, real)
        wrt = [i for i, x in enumerate(c.inputs) if x.kind == "real"]
        lines += [f"%g{i} = grad %l, %x{i}" for i in wrt]
        functions.append(_function(c.name, args, lines,
                                   [f"%g{i}" for i in wrt]))
    return _module(name, real, functions)
