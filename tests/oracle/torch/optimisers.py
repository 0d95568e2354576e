# RUN: %python %s
"""Twenty steps of every optimiser equal PyTorch's to 1e-9 in f64; so do
schedules, clipping, multipliers of the learning rate and projections."""
import tempfile

import torch

import model
from compare import close, finish

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
STEPS, N, D, K = 20, 6, 5, 3
START = {"W": torch.randn(K, D), "b": torch.randn(K)}
xs, ys = torch.randn(STEPS, N, D), 3 * torch.randn(STEPS, N, K)
O = torch.optim


def clip(bound):
    def apply(params):
        torch.nn.utils.clip_grad_norm_(params.values(), bound)
    return apply


def lr_times(factor):
    def apply(params):
        params["W"].grad *= factor
    return apply


def rows(target):
    """W's rows scaled to norm target(norm)."""
    def apply(params):
        w = params["W"]
        norm = w.norm(dim=1, keepdim=True)
        w.mul_(target(norm) / norm)
    return apply


def ball(params):
    params["W"].mul_(min(1.0, 1.5 / params["W"].norm().item()))


# name: (using, other clauses, PyTorch's optimiser, before and after a step)
CASES = {
    "sgd": ("sgd{lr = 0.1}", "", lambda p: O.SGD(p, 0.1)),
    "momentum": ("sgd{lr = 0.1, momentum = 0.9}", "",
                 lambda p: O.SGD(p, 0.1, momentum=0.9)),
    "nesterov": ("sgd{lr = 0.1, momentum = 0.9, nesterov = true}", "",
                 lambda p: O.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    "decayed": ("sgd{lr = 0.1, momentum = 0.9, decay = 0.05}", "",
                lambda p: O.SGD(p, 0.1, momentum=0.9, weight_decay=0.05)),
    "adagrad": ("adagrad{lr = 0.1}", "", lambda p: O.Adagrad(p, 0.1)),
    "rmsprop": ("rmsprop{lr = 0.01}", "", lambda p: O.RMSprop(p, 0.01)),
    "rmsprop2": ("rmsprop{lr = 0.01, alpha = 0.9, eps = 1e-3}", "",
                 lambda p: O.RMSprop(p, 0.01, alpha=0.9, eps=1e-3)),
    "adam": ("adam{lr = 0.01}", "", lambda p: O.Adam(p, 0.01)),
    "adam2": ("adam{lr = 0.02, beta1 = 0.5, beta2 = 0.99, eps = 1e-4}", "",
              lambda p: O.Adam(p, 0.02, betas=(0.5, 0.99), eps=1e-4)),
    "adamw": ("adamw{lr = 0.01, decay = 0.1}", "",
              lambda p: O.AdamW(p, 0.01, weight_decay=0.1)),
    "schedule": ("sgd{lr = 0.2 / (1.0 + 0.5 * iter), momentum = 0.9}", "",
                 lambda p: O.SGD(p, 0.2, momentum=0.9)),
    "clipped": ("sgd{lr = 0.1}", "clip 0.5;", lambda p: O.SGD(p, 0.1),
                clip(0.5)),
    "unclipped": ("sgd{lr = 0.1}", "clip 1e6;", lambda p: O.SGD(p, 0.1)),
    "faster": ("sgd{lr = 0.1}", "", lambda p: O.SGD(p, 0.1), lr_times(0.3)),
    "frozen": ("sgd{lr = 0.1}", "", lambda p: O.SGD(p, 0.1), lr_times(0)),
    "maxnorm": ("sgd{lr = 0.1}", "project maxnorm{0.7}(W);",
                lambda p: O.SGD(p, 0.1), None,
                rows(lambda norm: norm.clamp(max=0.7))),
    "unitnorm": ("sgd{lr = 0.1}", "project unitnorm(W);",
                 lambda p: O.SGD(p, 0.1), None, rows(lambda norm: 1)),
    "nonneg": ("sgd{lr = 0.1}", "project nonneg(W);",
               lambda p: O.SGD(p, 0.1), None,
               lambda params: params["W"].clamp_(min=0)),
    "ball": ("sgd{lr = 0.1}", "project ball{1.5}(W);",
             lambda p: O.SGD(p, 0.1), None, ball),
}
ATTRIBUTES = {"faster": "[[lr_mult(0.3)]] ", "frozen": "[[frozen]] "}

source = "dim N <= 8;\n" + "".join(f"""model {name} {{
  input x : real[N, {D}];
  input y : real[N, {K}];
  {ATTRIBUTES.get(name, "")}param W : real[{K}, {D}] ~ glorot();
  param b : real[{K}] = 0.0;
  loss J = mse(tanh(x @ W' + b) * 2.0, y);
  train step {{ minimize J; using {c[0]}; {c[1]} }}
}}
""" for name, c in CASES.items())


def pytorch(make, before=None, after=None, schedule=False):
    params = {k: v.clone().requires_grad_() for k, v in START.items()}
    optimiser, losses = make(list(params.values())), []
    for i in range(STEPS):
        optimiser.zero_grad()
        z = torch.tanh(xs[i] @ params["W"].T + params["b"]) * 2
        loss = ((z - ys[i]) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            if schedule:
                optimiser.param_groups[0]["lr"] = 0.2 / (1 + 0.5 * i)
            if before:
                before(params)
            optimiser.step()
            if after:
                after(params)
    return {k: v.detach() for k, v in params.items()}, losses


with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/optimisers.dl"
    with open(path, "w") as f:
        f.write(source)
    library = model.build(folder, path, "--real=f64")
    for name, c in CASES.items():
        m = model.Model(library, name)
        m.params.fill(START)
        losses = [m.call("step", {"x": xs[i], "y": ys[i]})[1]["J"]
                  for i in range(STEPS)]
        params, expected = pytorch(*c[2:], schedule=name == "schedule")
        close(f"{name}: losses", losses, expected, 1e-9)
        for k in START:
            close(f"{name}: {k}", m.params[k], params[k], 1e-9)
finish()
