"""Texts of brackets and letters, and how many brackets are open behind each
character: 0 to 5, never less than 0."""
import numpy as np

T, DEEPEST = 24, 5
random = np.random.default_rng(1)


def draw(count):
    text = np.zeros((count, T), np.int32)
    depth = np.zeros((count, T), np.int32)
    for i in range(count):
        now = 0
        for t in range(T):
            allowed = [2, 3]
            if now < DEEPEST:
                allowed.append(0)
            if now > 0:
                allowed.append(1)
            text[i, t] = random.choice(allowed)
            now += {0: 1, 1: -1}.get(text[i, t], 0)
            depth[i, t] = now
    return text, depth


for prefix, count in (("", 2000), ("valid-", 400)):
    text, depth = draw(count)
    np.save(f"{prefix}text.npy", text)
    np.save(f"{prefix}depth.npy", depth)
