# document.py --write renews the numbers of an output, with the decimals that
# the document shows; times, `...` and equal text stay; other text is refused.
# RUN: %python %s
import pathlib
import sys
import tempfile

import document



def written(commands, shown):
    text = "```sh run\n%s\n```\n```text output\n%s\n```\n"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "page.md")
        path.write_text(text % (commands, shown))
        count = document.check(path, write=True)
        return count, path.read_text() == text % (commands, shown), \
            path.read_text().split("```text output\n")[1].removesuffix("\n```\n")


bad = 0
for printed, shown, wanted in (
        ("J 4.46738", "J 4.467", "J 4.467"),
        ("J 4.46758", "J 4.467", "J 4.468"),
        ("J 4.5", "J 4.467", "J 4.5"),
        ("of 1,234,567", "of 9", "of 1,234,567"),
        ("took 1,234 ms, J 0.1234", "took 9.9 ms, J 0.12", "took 9.9 ms, J 0.12"),
        ("a 1\\nb 2\\nc 3\\nd 4", "a 7\n...\nc 8\n...", "a 1\n...\nc 3\n..."),
        ("a 1\\na 2\\na 3", "...\na 8", "...\na 3"),
        ("other", "text 1", "other"),
        ("a 1\\nb 2", "a 1", "a 1\nb 2"),
        ("a ... 1\\nb 2", "a ... 1", "a ... 1\nb 2"),
        ("other", "text 1\n...", None)):
    count, same, found = written(f"printf '{printed}\\n'", shown)
    if (count < 0 or found != wanted) if wanted else (count >= 0 or not same):
        print(f"{printed!r} shown as {shown!r} is written as {found!r}")
        bad += 1
sys.exit(bad > 0)
