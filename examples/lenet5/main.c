/* The user's side of lenet5.c: learns ten drawn patterns, then names them.
 *
 *     dlc model.dl -o lenet5.c
 *     cc -std=c99 -O2 main.c lenet5.c -lm -o lenet5 && ./lenet5
 *
 * A batch is drawn, not read: class k is a bar in one of ten directions, moved
 * and covered with noise. Nothing is allocated; all memory is below.
 */
#include "lenet5.h"

#include <math.h>
#include <stdio.h>

enum { N = LENET5_MAX_N, SIDE = 28, CLASSES = 10, STEPS = 120 };

static lenet5_params params;        /* what is learned */
static lenet5_step_state optimiser; /* momentum */
static lenet5_weights weights;      /* what inference reads */
static float x[N * SIDE * SIDE], p[N * CLASSES];
static int32_t y[N];

/* One workspace serves all entries, one after the other: the largest need. */
static unsigned char memory[LENET5_STEP_WORKSPACE_BYTES + LENET5_ALIGN];

static void *workspace(void)
{
    return memory + LENET5_ALIGN - (uintptr_t)memory % LENET5_ALIGN;
}

/* A number from 0 to 1; the generator is Knuth's MMIX. */
static float draw(void)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) +
            UINT64_C(1442695040888963407);
    return (float)(state >> 40) / (float)(1 << 24);
}

static void draw_batch(void)
{
    for (int b = 0; b < N; b++) {
        y[b] = (int32_t)(draw() * CLASSES) % CLASSES;
        float angle = 3.14159265f * (float)y[b] / CLASSES;
        float r = 6.0f * draw() - 3.0f;
        for (int i = 0; i < SIDE * SIDE; i++) {
            float v = (float)(i / SIDE) - 13.5f, u = (float)(i % SIDE) - 13.5f;
            float away = fabsf(u * sinf(angle) - v * cosf(angle) - r);
            float ink = away < 2.0f ? 1.0f : 0.0f;
            x[b * SIDE * SIDE + i] = 2.0f * ink - 0.5f + 0.2f * draw();
        }
    }
}

static int fail(int status)
{
    fprintf(stderr, "%s\n", lenet5_strerror(status));
    return 1;
}

static int train(void)
{
    lenet5_init(&params, 1);
    lenet5_step_state_init(&optimiser);
    for (int k = 1; k <= STEPS; k++) {
        lenet5_step_losses losses;
        draw_batch();
        int status = lenet5_step(&params, &optimiser, N, x, y, &losses,
                                 workspace());
        if (status != LENET5_OK)
            return status;
        if (k == 1 || k % 20 == 0)
            printf("step %2d  loss %.3f\n", k, losses.J);
    }
    return lenet5_pack(&params, &weights);
}

/* New bars: how many of them does the network name rightly? */
static int test(void)
{
    lenet5_metrics m;
    draw_batch();
    int status = lenet5_eval(&weights, N, x, y, &m, workspace());
    if (status != LENET5_OK)
        return status;
    printf("accuracy %.2f\n", m.acc);
    return lenet5_infer(&weights, N, x, p, workspace());
}

int main(void)
{
    int status = train();
    if (status == LENET5_OK)
        status = test();
    if (status != LENET5_OK)
        return fail(status);
    for (int b = 0; b < 5; b++) {
        int best = 0;
        for (int k = 1; k < CLASSES; k++)
            if (p[b * CLASSES + k] > p[b * CLASSES + best])
                best = k;
        printf("bar %d is taken for %d (%.0f%%)\n", (int)y[b], best,
               100.0 * (double)p[b * CLASSES + best]);
    }
    return 0;
}
