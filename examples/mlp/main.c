/* The user's side of mlp.c: a batch of 128 from a model that takes 64.
 *
 *     dlc -D H=64 model.dl -o mlp.c
 *     cc -std=c99 -O2 main.c mlp.c -lm -o mlp && ./mlp
 *
 * mlp_step_gradient gives the gradient of one part of the batch as a flat array;
 * parts are averaged, here one after the other, elsewhere on as many machines,
 * and mlp_step_update makes the step. Samples are ten fixed random vectors, each
 * with noise as strong as itself.
 */
#include "mlp.h"

#include <stdio.h>

enum { N = MLP_MAX_N, D = 784, CLASSES = 10, PARTS = 2, STEPS = 40 };
enum { GRADIENT = MLP_STEP_GRADIENT_COUNT };

static mlp_params params;
static mlp_step_state optimiser;
static mlp_weights weights;
static float x[N * D], p[N * CLASSES], centre[CLASSES][D];
static float part[GRADIENT], gradient[GRADIENT];
static int32_t y[N];

/* As much as the entry with the largest need. */
static union Memory {
    unsigned char step_gradient[MLP_STEP_GRADIENT_WORKSPACE_BYTES + MLP_ALIGN];
    unsigned char step_update[MLP_STEP_UPDATE_WORKSPACE_BYTES + MLP_ALIGN];
    unsigned char pack[MLP_PACK_WORKSPACE_BYTES + MLP_ALIGN];
    unsigned char eval[MLP_EVAL_WORKSPACE_BYTES + MLP_ALIGN];
    unsigned char infer[MLP_INFER_WORKSPACE_BYTES + MLP_ALIGN];
} memory;

static void *workspace(void)
{
    unsigned char *start = memory.step_gradient;
    return start + MLP_ALIGN - (uintptr_t)start % MLP_ALIGN;
}

/* A number from -1 to 1; the generator is Knuth's MMIX. */
static float draw(void)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) +
            UINT64_C(1442695040888963407);
    return (float)(state >> 40) / (float)(1 << 23) - 1.0f;
}

static void draw_batch(void)
{
    for (int b = 0; b < N; b++) {
        y[b] = b % CLASSES;
        for (int i = 0; i < D; i++)
            x[b * D + i] = centre[y[b]][i] + draw();
    }
}

/* The mean gradient of PARTS batches; the seed tells their dropout apart. */
static int accumulate(int k, double *loss)
{
    *loss = 0;
    for (int i = 0; i < GRADIENT; i++)
        gradient[i] = 0;
    for (int r = 0; r < PARTS; r++) {
        mlp_step_losses losses;
        draw_batch();
        int status = mlp_step_gradient(&params, N, x, y, &losses, part,
                                       (uint64_t)(PARTS * k + r), workspace());
        if (status != MLP_OK)
            return status;
        *loss += losses.J / PARTS;
        for (int i = 0; i < GRADIENT; i++)
            gradient[i] += part[i] / PARTS;
    }
    return MLP_OK;
}

static int train(void)
{
    mlp_init(&params, 1);
    mlp_step_state_init(&optimiser);
    for (int k = 1; k <= STEPS; k++) {
        double loss;
        int status = accumulate(k, &loss);
        if (status == MLP_OK)
            status = mlp_step_update(&params, &optimiser, gradient,
                                     workspace());
        if (status != MLP_OK)
            return status;
        if (k == 1 || k % 10 == 0)
            printf("step %2d  loss %.3f\n", k, loss);
    }
    return mlp_pack(&params, &weights, workspace());
}

static int test(void)
{
    mlp_metrics m;
    draw_batch();
    int status = mlp_eval(&weights, N, x, y, &m, workspace());
    if (status != MLP_OK)
        return status;
    printf("error rate %.2f\n", m.err);
    return mlp_infer(&weights, N, x, p, workspace());
}

int main(void)
{
    for (int k = 0; k < CLASSES; k++)
        for (int i = 0; i < D; i++)
            centre[k][i] = draw();
    int status = train();
    if (status == MLP_OK)
        status = test();
    if (status != MLP_OK) {
        fprintf(stderr, "%s\n", mlp_strerror(status));
        return 1;
    }
    printf("sample 0 is of class %d with probability %.2f\n", (int)y[0],
           (double)p[y[0]]);
    return 0;
}
