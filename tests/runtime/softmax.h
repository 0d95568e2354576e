/* A model written by hand as the compiler would: softmax regression.
 *
 *   input x : real[N, 1, 2, 2];  input y : int<3>[N];
 *   param W : real[3, 4];        param b : real[3] = 0.0;
 *   output p = softmax(flatten(x) @ W' + b);
 *   loss J = mean(xent);  metric acc;
 *   train step { sgd with momentum 0.5, the rate below }
 *
 * Inputs are checked as the contract says: status 1 for n out of range,
 * 2 for a label out of range.
 */
#ifndef SOFTMAX_H
#define SOFTMAX_H

#include <math.h>
#include <string.h>

#include "dlc.h"

#ifndef MAX_N
#define MAX_N 8
#endif
#ifdef FIXED
#define AXIS0 MAX_N
#else
#define AXIS0 (-1)
#endif

typedef struct Params {
    float w[3][4];
    float b[3];
} Params;

typedef struct State {
    float w[3][4];
    float b[3];
    int32_t iter;
} State;

static double rate = 0.5;
static int calls, last_n;        /* what the tests look at */
static const double *fake_evals; /* when set: acc of each call of eval */

static void init(void *params, uint64_t seed)
{
    Params *p = params;
    memset(p, 0, sizeof *p);
    for (int i = 0; i < 12; i++)
        p->w[i / 4][i % 4] = 0.01f * (float)((seed + 7 * (uint64_t)i) % 5);
}

/* The packed form is another one, so that forgetting to pack shows. */
static int pack(const void *params, void *weights)
{
    const Params *p = params;
    float *w = weights;
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < 4; i++)
            w[i * 3 + k] = p->w[k][i];
        w[12 + k] = p->b[k];
    }
    return 0;
}

static void logits(const float *w, const float *x, double p[3])
{
    double sum = 0, most = -INFINITY;
    for (int k = 0; k < 3; k++) {
        p[k] = (double)w[12 + k];
        for (int i = 0; i < 4; i++)
            p[k] += (double)w[i * 3 + k] * (double)x[i];
        most = p[k] > most ? p[k] : most;
    }
    for (int k = 0; k < 3; k++)
        sum += p[k] = exp(p[k] - most);
    for (int k = 0; k < 3; k++)
        p[k] /= sum;
}

static int check(const DlcCall *c, const int32_t *y)
{
    calls++;
    last_n = c->n;
    if (c->n < 1 || c->n > MAX_N)
        return 1;
    for (int i = 0; y && i < c->n; i++)
        if (y[i] < 0 || y[i] > 2)
            return 2;
    return (uintptr_t)c->workspace % 64 ? 3 : 0;
}

static int infer(const DlcCall *c)
{
    const float *x = c->in[0];
    float *out = c->out[0];
    int status = check(c, NULL);
    for (int i = 0; status == 0 && i < c->n; i++) {
        double p[3];
        logits(c->weights, x + 4 * i, p);
        for (int k = 0; k < 3; k++)
            out[3 * i + k] = (float)p[k];
    }
    return status;
}

static int eval(const DlcCall *c)
{
    const float *x = c->in[0];
    const int32_t *y = c->in[1];
    int status = check(c, y);
    c->values[0] = c->values[1] = 0;
    for (int i = 0; status == 0 && i < c->n; i++) {
        double p[3];
        logits(c->weights, x + 4 * i, p);
        int best = p[1] > p[0] ? 1 : 0;
        best = p[2] > p[best] ? 2 : best;
        c->values[0] -= log(p[y[i]]) / c->n;
        c->values[1] += (best == y[i]) / (double)c->n;
    }
    if (fake_evals)
        c->values[1] = *fake_evals++;
    return status;
}

static int step(const DlcCall *c)
{
    Params *p = c->params;
    State *s = c->state;
    const float *x = c->in[0];
    const int32_t *y = c->in[1];
    float w[15];
    double g[3][5] = {{0}}, loss = 0;
    int status = check(c, y);
    if (status)
        return status;
    pack(p, w);
    for (int i = 0; i < c->n; i++) {
        double q[3];
        logits(w, x + 4 * i, q);
        loss -= log(q[y[i]]) / c->n;
        for (int k = 0; k < 3; k++) {
            double d = (q[k] - (k == y[i])) / c->n;
            for (int j = 0; j < 4; j++)
                g[k][j] += d * (double)x[4 * i + j];
            g[k][4] += d;
        }
    }
    for (int k = 0; k < 3; k++) {
        for (int j = 0; j < 4; j++) {
            s->w[k][j] = 0.5f * s->w[k][j] + (float)g[k][j];
            p->w[k][j] -= (float)rate * s->w[k][j];
        }
        s->b[k] = 0.5f * s->b[k] + (float)g[k][4];
        p->b[k] -= (float)rate * s->b[k];
    }
    s->iter++;
    c->values[0] = loss;
    return 0;
}

static void state_init(void *state)
{
    memset(state, 0, sizeof(State));
}

static const char *softmax_strerror(int status)
{
    static const char *const texts[] = {"ok", "n is out of range",
                                        "a label is out of range",
                                        "the workspace is not aligned"};
    return texts[status];
}

static const DlcTensor inputs[] = {
    {.name = "x", .elem = DLC_F32, .rank = 4, .dims = {AXIS0, 1, 2, 2}},
    {.name = "y", .elem = DLC_I32, .rank = 1, .dims = {AXIS0}, .bound = 3},
};
static const DlcTensor params[] = {
    {.name = "W", .rank = 2, .dims = {3, 4}, .offset = offsetof(Params, w)},
    {.name = "b", .rank = 1, .dims = {3}, .offset = offsetof(Params, b)},
};
static const DlcTensor states[] = {
    {.name = "W.m", .rank = 2, .dims = {3, 4}, .offset = offsetof(State, w)},
    {.name = "b.m", .rank = 1, .dims = {3}, .offset = offsetof(State, b)},
    {.name = "iter", .elem = DLC_I32, .offset = offsetof(State, iter)},
};
static const DlcTensor outputs[] = {
    {.name = "p", .elem = DLC_F32, .rank = 2, .dims = {AXIS0, 3}},
};
static const char *const eval_values[] = {"J", "acc"};
static const char *const step_values[] = {"J"};
static const int only_x[] = {0}, both[] = {0, 1};

static const DlcEntry entries[] = {
    {.name = "infer",
     .kind = DLC_INFER,
     .input_count = 1,
     .inputs = only_x,
     .output_count = 1,
     .outputs = outputs,
     .call = infer},
    {.name = "eval",
     .kind = DLC_EVAL,
     .input_count = 2,
     .inputs = both,
     .value_count = 2,
     .value_names = eval_values,
     .workspace_bytes = 100,
     .call = eval},
    {.name = "step",
     .kind = DLC_STEP,
     .input_count = 2,
     .inputs = both,
     .value_count = 1,
     .value_names = step_values,
     .workspace_bytes = 1000,
     .state_bytes = sizeof(State),
     .state_init = state_init,
     .state_count = 3,
     .states = states,
     .call = step},
};

static const DlcModel model = {
    .name = "softmax",
#ifdef FIXED
    .max_n = 0,
#else
    .max_n = MAX_N,
#endif
    .batch = MAX_N,
    .align = 64,
    .params_bytes = sizeof(Params),
    .weights_bytes = 15 * sizeof(float),
    .param_count = 2,
    .params = params,
    .input_count = 2,
    .inputs = inputs,
    .entry_count = 3,
    .entries = entries,
    .init = init,
    .pack = pack,
    .strerror = softmax_strerror,
};

#endif
