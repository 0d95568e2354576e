/* Code for AMX compiles without flags and warnings, everywhere, and computes in
 * floats until NAME_enable_amx was told that there are tiles; the next
 * NAME_pack forgets it. */
// RUN: rm -rf %t && mkdir %t
// RUN: %dlc --target=x86-64-amx --conv=bf16x6 %S/Inputs/tiles.dl -o %t/net.c
// RUN: %gcc %level -I%t %s %t/net.c -lm -o %t/program && %t/program
// RUN: %clang -DEMULATE_AMX -I%t %s %t/net.c -lm -o %t/program && %t/program
// RUN: %clang -c %t/net.c -o %t/net.o
// RUN: %cxx -fsyntax-only %t/net.c
// RUN: tcc -Wall -Werror -I%t -c %t/net.c -o %t/net.o
// RUN: %dlc --target=x86-64-amx %S/../options/Inputs/small.dl --emit=c | not grep -i amx
#include "net.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELLS = 2 * 20 * 5 * 7, ROWS = 64 * 64, COUNT = 2 * 40 + ROWS };

static net_params p;
static net_weights w;
static float x[CELLS], u[ROWS], floats[COUNT], tiled[COUNT], again[COUNT];
static struct {
    double align;
    unsigned char bytes[NET_INFER_WORKSPACE_BYTES + 64];
} room;
static int failures;

static void expect(int is, const char *what)
{
    if (!is)
        printf("%s\n", what);
    failures += !is;
}

static void *workspace(void)
{
    return room.bytes + (64 - (uintptr_t)room.bytes % 64) % 64;
}

static int infer(float *y)
{
    return net_infer(&w, x, u, y, y + 2 * 40, workspace());
}

int main(void)
{
    const char *text = net_strerror(NET_ERROR_NO_AMX);
    float difference = 0;
    net_init(&p, 1);
    for (int i = 0; i < CELLS; i++)
        x[i] = (float)(i * 37 % 101) / 50.0f - 1.0f;
    for (int i = 0; i < ROWS; i++)
        u[i] = (float)(i * 41 % 103) / 51.0f - 1.0f;
    memset(&w, 0xff, sizeof w);
    expect(net_pack(&p, &w) == NET_OK, "pack");
    expect(infer(floats) == NET_OK, "infer");
    expect(net_enable_amx(NULL) == NET_ERROR_NULL, "no weights");
    expect(strcmp(text, "no AMX tiles for this process") == 0, text);
    int status = net_enable_amx(&w);
    expect(infer(tiled) == NET_OK, "infer again");
    expect(net_pack(&p, &w) == NET_OK, "pack again");
    expect(infer(again) == NET_OK, "infer last");
    for (int i = 0; i < COUNT; i++)
        difference = fmaxf(difference, fabsf(tiled[i] - floats[i]));
    int first = memcmp(tiled, floats, 2 * 40 * sizeof *floats) == 0;
    int second = memcmp(tiled + 2 * 40, floats + 2 * 40,
                        ROWS * sizeof *floats) == 0;
    expect(memcmp(again, floats, sizeof floats) == 0, "the answer is kept");
    expect(difference < 1e-5f, "another result");
    expect(first == (status != NET_OK), "the status and the convolution");
    expect(second == (status != NET_OK), "the status and the product");
#ifdef EMULATE_AMX
    expect(status == NET_OK, "the portable form was refused");
#else
    expect(status == NET_OK || status == NET_ERROR_NO_AMX, "status");
#endif
    return failures != 0;
}
