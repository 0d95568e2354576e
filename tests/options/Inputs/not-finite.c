/* Without BROKEN: trains on finite numbers and prints every bit of the result.
 * With it: NaNs and infinities at each entry of a model that checks. */
#include "net.h"
#include <stdio.h>
#include <string.h>

enum { N = 4, GRADIENT = NET_STEP_GRADIENT_COUNT };

static net_params p;
static net_weights w;
static net_step_state s;
static net_step_losses l;
static net_metrics m;
static float x[N * 4], out[N * 3], gradient[GRADIENT];
static int32_t y[N] = {0, 1, 2, 1};
static unsigned char space[NET_STEP_WORKSPACE_BYTES + NET_EVAL_WORKSPACE_BYTES +
                           NET_STEP_UPDATE_WORKSPACE_BYTES + 2 * NET_ALIGN];

static void start(void)
{
    for (int i = 0; i < N * 4; i++)
        x[i] = 0.125f * (float)(i % 5);
    for (int i = 0; i < GRADIENT; i++)
        gradient[i] = 0.5f;
    net_init(&p, 1);
    net_step_state_init(&s);
    net_pack(&p, &w);
}

#ifndef BROKEN
static void print(const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    printf("\n");
}

static int run(void *ws)
{
    int bad = 0;
    for (int i = 0; i < 3; i++)
        bad |= net_step(&p, &s, N, x, y, &l, 5, ws);
    bad |= net_step_gradient(&p, N, x, y, &l, gradient, 5, ws);
    bad |= net_step_update(&p, &s, gradient, ws);
    bad |= net_pack(&p, &w);
    bad |= net_infer(&w, N, x, out, ws);
    bad |= net_eval(&w, N, x, y, &m, ws);
    print(&p, sizeof p);
    print(&s, sizeof s);
    print(&l, sizeof l);
    print(&m, sizeof m);
    print(gradient, sizeof gradient);
    print(out, sizeof out);
    return bad;
}
#else
static net_params p0;
static net_step_state s0;
static int bad;

/* The call gave the status, and the model is as before. */
static void refused(int line, int status)
{
    if (status != NET_ERROR_NOT_FINITE || memcmp(&p, &p0, sizeof p) != 0 ||
        memcmp(&s, &s0, sizeof s) != 0) {
        printf("line %d: status %d\n", line, status);
        bad++;
    }
}
#define REFUSED(call) \
    (p0 = p, s0 = s, refused(__LINE__, call))

static int run(void *ws)
{
    const uint32_t bits[] = {0x7fc00000, 0x7f800000, 0xff800000};
    for (int i = 0; i < 3; i++) {
        float broken;
        memcpy(&broken, &bits[i], sizeof broken);
        start();
        x[6] = broken;
        REFUSED(net_infer(&w, N, x, out, ws));
        REFUSED(net_eval(&w, N, x, y, &m, ws));
        REFUSED(net_step(&p, &s, N, x, y, &l, 5, ws));
        REFUSED(net_step_gradient(&p, N, x, y, &l, gradient, 5, ws));
        start();
        gradient[GRADIENT - 1] = broken;
        REFUSED(net_step_update(&p, &s, gradient, ws));
        start();
        memcpy(&p.W[0], &bits[i], sizeof broken);
        REFUSED(net_step(&p, &s, N, x, y, &l, 5, ws));
    }
    start(); /* finite numbers whose loss is not */
    for (int i = 0; i < N * 4; i++)
        x[i] = 3e38f;
    for (size_t i = 0; i < sizeof p.W / sizeof *p.W; i++)
        p.W[i] = 2.0f;
    REFUSED(net_step(&p, &s, N, x, y, &l, 5, ws));
    start(); /* a finite gradient whose update is not */
    p.W[0] = 3.4e38f;
    gradient[0] = -3.4e38f;
    REFUSED(net_step_update(&p, &s, gradient, ws));
    start();
    bad += net_step(&p, &s, N, x, y, &l, 5, ws) != NET_OK;
    printf("%d bad\n%d: %s\n", bad, NET_ERROR_NOT_FINITE,
           net_strerror(NET_ERROR_NOT_FINITE));
    return bad != 0;
}
#endif

int main(void)
{
    unsigned char *ws = space + NET_ALIGN - (uintptr_t)space % NET_ALIGN;
    start();
    return run(ws);
}
