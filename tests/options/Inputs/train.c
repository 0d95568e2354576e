/* Trains a model of 28 x 28 images for some steps on made-up data and writes
 * losses and probabilities to FILE, or compares them with those in FILE:
 * program FILE [compare]. SEED is there when training draws random numbers.
 */
#include "net.h"
#include <stdio.h>
#include <string.h>

enum { N = 8, STEPS = 5 };

static net_params p;
static net_weights w;
static net_step_state s;
static float x[N * 784], out[N * 10], before[N * 10];
static int32_t y[N];
static unsigned char space[NET_STEP_WORKSPACE_BYTES + NET_ALIGN];

static float distance(float a, float b)
{
    return a < b ? b - a : a - b;
}

int main(int argc, char **argv)
{
    unsigned char *ws = space + NET_ALIGN - (uintptr_t)space % NET_ALIGN;
    uint32_t random = 1;
    int bad = 0;
    for (int i = 0; i < N * 784; i++) {
        random = random * 1664525u + 1013904223u;
        x[i] = (float)(random >> 8) / 16777216.0f;
    }
    for (int i = 0; i < N; i++)
        y[i] = i % 10;
    net_init(&p, 7);
    net_step_state_init(&s);
    for (int i = 0; i < STEPS; i++) {
        net_step_losses l;
#ifdef SEED
        bad |= net_step(&p, &s, N, x, y, &l, SEED, ws);
#else
        bad |= net_step(&p, &s, N, x, y, &l, ws);
#endif
        bad |= !(l.J < 10);
    }
#ifdef NET_PACK_WORKSPACE_BYTES
    bad |= net_pack(&p, &w, ws);
#else
    bad |= net_pack(&p, &w);
#endif
    bad |= net_infer(&w, N, x, out, ws);
    FILE *f = fopen(argv[1], argc > 2 ? "rb" : "wb");
    if (!f)
        return 1;
    if (argc > 2) {
        bad |= fread(before, sizeof before, 1, f) != 1;
        for (int i = 0; i < N * 10; i++)
            bad |= !(distance(out[i], before[i]) < 1e-4f);
    } else {
        bad |= fwrite(out, sizeof out, 1, f) != 1;
    }
    fclose(f);
    return bad != 0;
}
