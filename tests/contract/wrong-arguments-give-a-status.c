/* Null pointers, n out of range, labels out of range and a misaligned workspace
 * are answered by the status that says so, and nothing is written. */
// RUN: rm -rf %t && mkdir %t
// RUN: %dlc %examples/lenet5/model.dl -o %t/lenet5.c
// RUN: %gcc %level -I%t %s %t/lenet5.c -lm -o %t/program
// RUN: %t/program | FileCheck %s
// CHECK: 0 bad
// CHECK: 0: success
// CHECK: 1: a pointer is null
// CHECK: 2: n is not within 1..32
// CHECK: 3: a label or an index is out of range
// CHECK: 4: the workspace is not aligned to 64 bytes
// CHECK: 5: unknown status
// CHECK: -1: unknown status
#include "lenet5.h"
#include <stdio.h>
#include <string.h>

enum { N = LENET5_MAX_N, GRADIENT = LENET5_STEP_GRADIENT_COUNT };

/* All that an entry could write. */
typedef struct Memory {
    lenet5_params p;
    lenet5_weights w;
    lenet5_step_state s;
    lenet5_metrics m;
    lenet5_step_losses l;
    float out[N * 10], gradient[GRADIENT];
} Memory;

static Memory now, before;
static float x[N * 28 * 28];
static int32_t y[N];
static unsigned char space[LENET5_STEP_WORKSPACE_BYTES + 128];
static int count, bad;

static void check(int line, int expected, int status)
{
    count++;
    if (status != expected || memcmp(&now, &before, sizeof now) != 0) {
        bad++;
        printf("line %d: %d instead of %d\n", line, status, expected);
    }
    now = before;
}
#define CHECK(expected, call) check(__LINE__, LENET5_##expected, call)

static void null_pointers(void *ws)
{
    Memory *o = &now;
    CHECK(ERROR_NULL, lenet5_pack(NULL, &o->w));
    CHECK(ERROR_NULL, lenet5_pack(&o->p, NULL));
    CHECK(ERROR_NULL, lenet5_infer(NULL, 1, x, o->out, ws));
    CHECK(ERROR_NULL, lenet5_infer(&o->w, 1, NULL, o->out, ws));
    CHECK(ERROR_NULL, lenet5_infer(&o->w, 1, x, NULL, ws));
    CHECK(ERROR_NULL, lenet5_infer(&o->w, 1, x, o->out, NULL));
    CHECK(ERROR_NULL, lenet5_eval(NULL, 1, x, y, &o->m, ws));
    CHECK(ERROR_NULL, lenet5_eval(&o->w, 1, NULL, y, &o->m, ws));
    CHECK(ERROR_NULL, lenet5_eval(&o->w, 1, x, NULL, &o->m, ws));
    CHECK(ERROR_NULL, lenet5_eval(&o->w, 1, x, y, NULL, ws));
    CHECK(ERROR_NULL, lenet5_eval(&o->w, 1, x, y, &o->m, NULL));
    CHECK(ERROR_NULL, lenet5_step(NULL, &o->s, 1, x, y, &o->l, ws));
    CHECK(ERROR_NULL, lenet5_step(&o->p, NULL, 1, x, y, &o->l, ws));
    CHECK(ERROR_NULL, lenet5_step(&o->p, &o->s, 1, NULL, y, &o->l, ws));
    CHECK(ERROR_NULL, lenet5_step(&o->p, &o->s, 1, x, NULL, &o->l, ws));
    CHECK(ERROR_NULL, lenet5_step(&o->p, &o->s, 1, x, y, NULL, ws));
    CHECK(ERROR_NULL, lenet5_step(&o->p, &o->s, 1, x, y, &o->l, NULL));
    CHECK(ERROR_NULL,
          lenet5_step_gradient(&o->p, 1, x, y, &o->l, NULL, ws));
    CHECK(ERROR_NULL, lenet5_step_update(&o->p, &o->s, NULL, ws));
}

static void sizes(void *ws)
{
    static const int wrong[] = {0, -1, N + 1, -2147483647 - 1, 2147483647};
    Memory *o = &now;
    for (int i = 0; i < 5; i++) {
        int n = wrong[i];
        CHECK(ERROR_SIZE, lenet5_infer(&o->w, n, x, o->out, ws));
        CHECK(ERROR_SIZE, lenet5_eval(&o->w, n, x, y, &o->m, ws));
        CHECK(ERROR_SIZE, lenet5_step(&o->p, &o->s, n, x, y, &o->l, ws));
        CHECK(ERROR_SIZE,
              lenet5_step_gradient(&o->p, n, x, y, &o->l, o->gradient, ws));
    }
}

/* A wrong label at any place of the batch, and only there, is an error. */
static void labels(void *ws)
{
    static const int32_t wrong[] = {-1, 10, INT32_MAX, INT32_MIN};
    Memory *o = &now;
    for (int i = 0; i < 4; i++) {
        y[N - 1] = wrong[i];
        CHECK(ERROR_RANGE, lenet5_eval(&o->w, N, x, y, &o->m, ws));
        CHECK(ERROR_RANGE, lenet5_step(&o->p, &o->s, N, x, y, &o->l, ws));
        CHECK(ERROR_RANGE,
              lenet5_step_gradient(&o->p, N, x, y, &o->l, o->gradient, ws));
        if (lenet5_eval(&o->w, N - 1, x, y, &o->m, ws) != LENET5_OK)
            bad++;
        now = before;
    }
    y[N - 1] = 9;
    if (lenet5_eval(&o->w, N, x, y, &o->m, ws) != LENET5_OK)
        bad++;
    now = before;
}

static void alignment(unsigned char *ws)
{
    static const int off[] = {1, 4, 8, 16, 32, 63};
    Memory *o = &now;
    for (int i = 0; i < 6; i++) {
        unsigned char *at = ws + off[i];
        CHECK(ERROR_ALIGNMENT, lenet5_infer(&o->w, 1, x, o->out, at));
        CHECK(ERROR_ALIGNMENT, lenet5_eval(&o->w, 1, x, y, &o->m, at));
        CHECK(ERROR_ALIGNMENT,
              lenet5_step(&o->p, &o->s, 1, x, y, &o->l, at));
    }
}

int main(void)
{
    unsigned char *ws = space + (64 - (uintptr_t)space % 64) % 64;
    lenet5_init(&now.p, 1);
    lenet5_step_state_init(&now.s);
    if (lenet5_pack(&now.p, &now.w) != LENET5_OK)
        return 1;
    memcpy(&before, &now, sizeof now);
    null_pointers(ws);
    sizes(ws);
    labels(ws);
    alignment(ws);
    printf("%d wrong calls, %d bad\n", count, bad);
    for (int status = 0; status < 6; status++)
        printf("%d: %s\n", status, lenet5_strerror(status));
    printf("-1: %s\n", lenet5_strerror(-1));
    return bad != 0 || count < 60;
}
