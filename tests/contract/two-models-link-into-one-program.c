/* Several models, from one source or from many, one of them under --prefix, link
 * into one program and do not disturb each other. */
// RUN: rm -rf %t && mkdir %t
// RUN: %dlc %examples/lenet5/model.dl -o %t/lenet5.c
// RUN: %dlc %examples/lenet5_relu/model.dl --prefix=relu -o %t/relu.c
// RUN: %dlc -D D=784 -D K=10 %examples/autoencoders/model.dl -o %t/codes.c
// RUN: %clang -I%t %s %t/lenet5.c %t/relu.c %t/codes.c -lm -o %t/program
// RUN: %t/program | FileCheck %s
// CHECK: four models, one program
#include "codes.h"
#include "lenet5.h"
#include "relu.h"
#include <stdio.h>
#include <string.h>

static unsigned char space[LENET5_INFER_WORKSPACE_BYTES +
                           RELU_INFER_WORKSPACE_BYTES +
                           LINEAR_AE_INFER_WORKSPACE_BYTES +
                           COUPLED_AE_INFER_WORKSPACE_BYTES + 64];
static lenet5_params a;
static lenet5_weights aw;
static relu_params b;
static relu_weights bw;
static linear_ae_params c;
static linear_ae_weights cw;
static coupled_ae_params d;
static coupled_ae_weights dw;
static float x[28 * 28];

typedef struct Results {
    float p[2][10], r[2][28 * 28], code[10];
} Results;

static void *workspace(void)
{
    return space + (64 - (uintptr_t)space % 64) % 64;
}

static int run(Results *y)
{
    void *ws = workspace();
    return lenet5_infer(&aw, 1, x, y->p[0], ws) ||
           relu_infer(&bw, 1, x, y->p[1], ws) ||
           linear_ae_infer(&cw, 1, x, y->r[0], ws) ||
           coupled_ae_infer(&dw, 1, x, y->code, y->r[1], ws);
}

static Results y, z;

int main(void)
{
    for (int i = 0; i < 28 * 28; i++)
        x[i] = (float)(i % 29) / 29.0f;
    lenet5_init(&a, 1);
    relu_init(&b, 1);
    linear_ae_init(&c, 1);
    coupled_ae_init(&d, 1);
    if (lenet5_pack(&a, &aw) || relu_pack(&b, &bw) || linear_ae_pack(&c, &cw) ||
        coupled_ae_pack(&d, &dw, workspace()))
        return 1;
    if (run(&y) || run(&z))
        return 2;
    if (memcmp(&y, &z, sizeof y) != 0 ||
        memcmp(y.p[0], y.p[1], sizeof y.p[0]) == 0 ||
        memcmp(y.r[0], y.r[1], sizeof y.r[0]) == 0)
        return 3;
    puts("four models, one program");
    return 0;
}
