"""The examples written in PyTorch, with the names dlc gives parameters."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def names_of(layers):
    """PyTorch's parameter to ours: conv1.w, conv1.b, dense1.w ..., layers
    counted by kind in the order of the source."""
    counts, names = {}, {}
    for key, layer in layers.named_modules():
        kind = {nn.Conv1d: "conv", nn.Conv2d: "conv",
                nn.Linear: "dense"}.get(type(layer))
        if not kind:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        for ours, theirs in (("w", "weight"), ("b", "bias")):
            names[f"{key}.{theirs}"] = f"{kind}{counts[kind]}.{ours}"
    return names


def weights_of(layers):
    names = names_of(layers)
    return {names[k]: v.detach().numpy().copy()
            for k, v in layers.named_parameters()}


def lenet5():
    """examples/lenet5/model.dl: tanh and averages."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(1),
        nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


def lenet5_relu():
    """examples/lenet5_relu/model.dl: ReLU and maxima."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(1),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10))


def mlp_weights(hidden=512):
    """examples/mlp/model.dl: weights by name."""
    sizes = [784, hidden, hidden, 10]
    weights = {}
    for i, (d, h) in enumerate(zip(sizes, sizes[1:]), start=1):
        layer = nn.Linear(d, h)
        weights[f"W{i}"] = layer.weight.detach()
        weights[f"b{i}"] = layer.bias.detach()
    return weights


def mlp_loss(w, x, y):
    """The loss of training, noise and dropout off."""
    h1 = F.relu(F.linear(x, w["W1"], w["b1"]))
    h2 = F.relu(F.linear(h1, w["W2"], w["b2"]))
    z = F.linear(h2, w["W3"], w["b3"])
    l2 = sum((w[k] ** 2).sum() for k in ("W1", "W2"))
    return F.cross_entropy(z, y) + 1e-4 * l2 + 1e-5 * w["W3"].abs().sum()


def mlp_project(w):
    for k in ("W1", "W2"):
        norm = w[k].norm(dim=1, keepdim=True)
        w[k].mul_((3.5 / norm.clamp(min=1e-30)).clamp(max=1.0))


def alexnet(w, x):
    """examples/alexnet/model.dl at inference; w: tensors by name."""
    def conv(x, i, **more):
        return F.relu(F.conv2d(x, w[f"conv{i}.w"], w[f"conv{i}.b"], **more))

    def norm(x):  # PyTorch divides alpha by the size
        return F.local_response_norm(x, 5, 5e-4, 0.75, 2.0)

    def dense(x, i):
        return F.linear(x, w[f"dense{i}.w"], w[f"dense{i}.b"])

    x = F.max_pool2d(norm(conv(x, 1, stride=4)), 3, 2)
    x = F.max_pool2d(norm(conv(x, 2, padding=2, groups=2)), 3, 2)
    x = conv(conv(x, 3, padding=1), 4, padding=1, groups=2)
    x = F.max_pool2d(conv(x, 5, padding=1, groups=2), 3, 2).flatten(1)
    x = F.relu(dense(0.5 * x, 1))
    x = F.relu(dense(0.5 * x, 2))
    return dense(x, 3).softmax(-1)


def googlenet(w, x):
    """examples/googlenet/model.dl at inference."""
    def conv(x, name, **more):
        return F.relu(F.conv2d(x, w[f"{name}.w"], w[f"{name}.b"], **more))

    def pool(x, stride=2):
        return F.max_pool2d(x, 3, stride, 1)

    def inception(x, i):
        p = f"inception{i}.conv"
        return torch.cat([
            conv(x, p + "1"),
            conv(conv(x, p + "2"), p + "3", padding=1),
            conv(conv(x, p + "4"), p + "5", padding=2),
            conv(pool(x, 1), p + "6")], 1)

    x = pool(conv(x, "conv1", stride=2, padding=3))
    x = pool(conv(conv(x, "conv2"), "conv3", padding=1))
    x = pool(inception(inception(x, 1), 2))
    for i in range(3, 8):
        x = inception(x, i)
    x = pool(x)
    x = F.avg_pool2d(inception(inception(x, 8), 9), 7).flatten(1)
    return F.linear(x, w["dense1.w"], w["dense1.b"]).softmax(-1)
