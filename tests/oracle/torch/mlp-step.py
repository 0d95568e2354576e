# RUN: %python %s
"""One training step of the MLP equals PyTorch's: to 1e-5 of each tensor's
norm in f32, to 1e-9 in f64."""
import torch

from compare import close, finish
from dlc_run import dlc_run
from emitted import ROOT
from pytorch_models import mlp_loss, mlp_project, mlp_weights

for real, dtype, tolerance in (("f32", torch.float32, 1e-5),
                               ("f64", torch.float64, 1e-9)):
    torch.set_default_dtype(dtype)
    torch.manual_seed(4)
    weights = mlp_weights()
    weights["W1"] *= 6  # so that the projection has something to do
    x, y = torch.rand(64, 784), torch.randint(10, (64,))
    before = {k: v.numpy().copy() for k, v in weights.items()}
    params = {k: v.clone().requires_grad_() for k, v in weights.items()}
    optimiser = torch.optim.SGD(params.values(), 0.1, momentum=0.9)
    loss = mlp_loss(params, x, y)
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        mlp_project(params)
    _, after, losses = dlc_run(
        f"{ROOT}/examples/mlp/model.dl", "step",
        {"x": x.numpy(), "y": y.numpy()}, "--no-random", f"--real={real}",
        weights=before)
    close(f"{real} loss", losses[0, 0], loss.item(), tolerance)
    for k, v in params.items():
        close(f"{real} {k}", after[k], v.detach().numpy(), tolerance)
finish()
