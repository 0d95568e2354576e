# RUN: %python %s
"""Losses of the library and their gradients equal PyTorch's, in f64."""
import tempfile

import torch
import torch.nn.functional as F

import model
from compare import close, finish

torch.set_default_dtype(torch.float64)
torch.manual_seed(2)
N, C = 5, 7
W = torch.randn(C, C)
x, r = torch.randn(N, C), torch.rand(N)
t, p = torch.rand(N, C), torch.rand(N, C).softmax(-1)
y = torch.randint(C, (N,))


def kl(z):
    return F.kl_div(z.log_softmax(-1), p, reduction="none").sum(-1)


def entropy(z):
    return torch.distributions.Categorical(logits=z).entropy()


# name: expression of the language, and the same in PyTorch; z = x W'
CASES = {
    "xent": ("mean(xent(z, y) * r)",
             lambda z: (F.cross_entropy(z, y, reduction="none") * r).mean()),
    "nll": ("mean(nll(logsoftmax(z), y) * r)",
            lambda z: (F.nll_loss(z.log_softmax(-1), y, reduction="none")
                       * r).mean()),
    "bce": ("mean(sum(bce(z, t), axis = 1) * r)",
            lambda z: (F.binary_cross_entropy_with_logits(
                z, t, reduction="none").sum(1) * r).mean()),
    "mse": ("mse(z, t)", lambda z: F.mse_loss(z, t)),
    "mae": ("mae(z, t)", lambda z: F.l1_loss(z, t)),
    "huber": ("mean(sum(huber(z, t), axis = 1) * r)",
              lambda z: (F.huber_loss(z, t, reduction="none").sum(1)
                         * r).mean()),
    "kl": ("mean(kl(p, softmax(z)) * r)", lambda z: (kl(z) * r).mean()),
    "entropy": ("mean(entropy(softmax(z)) * r)",
                lambda z: (entropy(z) * r).mean()),
    "l2": ("l2(W) + 0.0 * mse(z, t)",
           lambda z: (weights ** 2).sum() + 0 * z.sum()),
    "l1": ("l1(W) + 0.0 * mse(z, t)",
           lambda z: weights.abs().sum() + 0 * z.sum()),
}
source = f"""dim N <= 8;
model losses {{
  input x : real[N, {C}];
  input r : real[N];
  input t : real[N, {C}];
  input p : real[N, {C}];
  input y : int<{C}>[N];
  param W : real[{C}, {C}] ~ normal(0.0, 1.0);
  let z = x @ W';
""" + "".join(f"""  loss J{name} = {text};
  train {name} {{ minimize J{name}; using sgd{{lr = 1.0}}; }}
""" for name, (text, _) in CASES.items()) + "}\n"
inputs = {"x": x, "r": r, "t": t, "p": p, "y": y}
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/losses.dl"
    with open(path, "w") as f:
        f.write(source)
    losses = model.Model(model.build(folder, path, "--real=f64"), "losses")
    for name, (text, function) in CASES.items():
        weights = W.clone().requires_grad_()
        loss = function(x @ weights.T)
        loss.backward()
        losses.params.fill({"W": W})
        _, values = losses.call("eval", inputs)
        close(f"{text} in eval", values["J" + name], loss.item(), 1e-13)
        _, values = losses.call(name, inputs)
        close(f"{text} in a step", values["J" + name], loss.item(), 1e-13)
        close("its gradient", W - losses.params["W"], weights.grad, 1e-12)
finish()
