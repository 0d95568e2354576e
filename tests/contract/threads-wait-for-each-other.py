# REQUIRES: time
# RUN: %python %s
"""Threads that run through an entry together wait wherever one needs what another
makes, or overwrites what one reads: the sanitizer of threads sees no race in
inference and training of a recurrent network and of convolutions. Without
one of the barriers it does. OpenMP, which the sanitizer does not understand, is
replaced by threads and barriers of POSIX; results are those of one thread."""
import os
import pathlib
import re
import subprocess
import tempfile

from emitted import DLC, run

THREADS = 3
SOURCE = """
model rec {
  input x : real[1, 5, 64];
  output y = x |> lstm{192, layers = 2} |> last |> dense{10};
  loss J = mean(y * y);
  train step { minimize J; using sgd{lr = 0.1, momentum = 0.9}; clip 1.0; }
}
model pic {
  input x : real[2, 8, 24, 24];
  let z = x |> conv{24, 3, pad = same} |> relu |> conv{24, 3} |> maxpool{2};
  output y = (z |> conv{24, 1} |> relu |> avgpool{11} |> flatten |> dense{10});
  loss J = mean(y * y);
  train step { minimize J; using sgd{lr = 0.1, momentum = 0.9}; }
}
"""
DRIVER = """
#define _POSIX_C_SOURCE 200809L
#include "nets.h"
#include "together.h"
#include <pthread.h>
#include <stdio.h>
__thread int me;
static pthread_barrier_t all;
void wait_for_all(void)
{
    pthread_barrier_wait(&all);
}
/* what has no region is done by one thread */
#define DO(name, call) if (name##_together || me == 0) call; wait_for_all()
static float x[10000], y[20];
static unsigned char memory[1 << 23] __attribute__((aligned(64)));
static rec_params rp; static rec_weights rw; static rec_step_state rs;
static pic_params pp; static pic_weights pw; static pic_step_state ps;
static rec_step_losses rl; static pic_step_losses pl;
static int status;
static void *entries(void *number)
{
    me = *(int *)number;
    int bad = 0;
    DO(rec_init, rec_init(&rp, 1));
    DO(pic_init, pic_init(&pp, 2));
    DO(rec_step_state_init, rec_step_state_init(&rs));
    DO(pic_step_state_init, pic_step_state_init(&ps));
    DO(rec_pack, bad |= rec_pack(&rp, &rw, memory));
    DO(pic_pack, bad |= pic_pack(&pp, &pw));
    DO(rec_infer, bad |= rec_infer(&rw, x, y, memory));
    DO(pic_infer, bad |= pic_infer(&pw, x, y + 10, memory));
    DO(rec_step, bad |= rec_step(&rp, &rs, x, &rl, memory));
    DO(pic_step, bad |= pic_step(&pp, &ps, x, &pl, memory));
    if (me == 0)
        status = bad;
    return number;
}
static unsigned sum(const void *p, size_t size)
{
    unsigned s = 0;
    for (size_t i = 0; i < size; i++)
        s = s * 31 + ((const unsigned char *)p)[i];
    return s;
}
int main(void)
{
    int number[THREADS];
    pthread_t thread[THREADS];
    for (int i = 0; i < 10000; i++)
        x[i] = (float)(i * 7919 % 1000) / 500 - 1;
    pthread_barrier_init(&all, 0, THREADS);
    for (int i = 0; i < THREADS; i++) {
        number[i] = i;
        pthread_create(&thread[i], 0, entries, &number[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], 0);
    printf("%d %u %u %u\\n", status, sum(y, sizeof y), sum(&rp, sizeof rp),
           sum(&pp, sizeof pp));
    return 0;
}
"""


def in_posix_threads(text):
    """What OpenMP makes of a region."""
    text = re.sub(r"\bSHARED\n\s*for \(int part = 0; part < \d+; part\+\+\)",
                  "for (int part = me; part <= me; part++)", text)
    text = re.sub(r"^ +ALONE\b", "if (me == 0)", text, flags=re.M)
    text = re.sub(r"^ +BARRIER$", "wait_for_all();", text, flags=re.M)
    text = re.sub(r"^    TOGETHER (\{$.*?)^    \}$", r"\1} wait_for_all();",
                  text, flags=re.M | re.S)
    text = re.sub(r"^ +[sp]->(iter|steps)(\+\+| = 0);$", r"if (me == 0) {\g<0>}", text,
                  flags=re.M)
    return f"extern __thread int me;\nvoid wait_for_all(void);\n{text}"


def outcome(folder, text, threads):
    """What the program prints; None: the sanitizer found a race."""
    (folder / "nets.c").write_text(text)
    together = {name: "wait_for_all" in body for name, body in re.findall(
        r"^(?:int|void) ([a-z_]+)\([^;{]*\)\n\{$(.*?)^\}$", text, re.M | re.S)}
    (folder / "together.h").write_text("enum {\n" + "".join(
        f"{name}_together = {int(v)},\n" for name, v in together.items())
        + "};\n")
    run("gcc", "-O1", "-w", f"-DTHREADS={threads}", "-fsanitize=thread",
        "-pthread", folder / "nets.c", folder / "driver.c", "-lm", "-o",
        folder / "program")
    done = subprocess.run([folder / "program"], capture_output=True, text=True,
                          env={**os.environ, "TSAN_OPTIONS": "halt_on_error=1"})
    if "data race" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "nets.dl").write_text(SOURCE)
        (folder / "driver.c").write_text(DRIVER)
        run(DLC, folder / "nets.dl", f"--threads={THREADS}",
            "--entries=infer,step", "-o",
            folder / "nets.c")
        text = (folder / "nets.c").read_text()
        regions = len(re.findall(r"^    TOGETHER \{$", text, re.M))
        barriers = len(re.findall(r"^ +BARRIER$", text, re.M))
        print(f"{regions} regions, {barriers} barriers")
        assert regions >= 4 and barriers > 20
        alone = outcome(folder, text, 1)
        together = outcome(folder, in_posix_threads(text), THREADS)
        print(alone, together)
        assert alone and alone == together and alone.startswith("0 ")
        parts = in_posix_threads(text).split("wait_for_all();\n")
        found = 0
        for i in (len(parts) // 2,):
            less = "wait_for_all();\n".join(parts[:i]) + parts[i] + \
                "wait_for_all();\n".join(["", *parts[i + 1:]])
            found += outcome(folder, less, THREADS) is None
        assert found, "no race is seen without a barrier"


main()
