/* Two models, and one of them again under --prefix, link into one program and
 * do not disturb each other. */
// RUN: rm -rf %t && mkdir %t
// RUN: %dlc %examples/lenet5/model.dl -o %t/lenet5.c
// RUN: %dlc %examples/lenet5_relu/model.dl --prefix=relu -o %t/relu.c
// RUN: %dlc -D H=16 %examples/mlp/model.dl -o %t/mlp.c
// RUN: %gcc -I%t %s %t/lenet5.c %t/relu.c %t/mlp.c -lm -o %t/program
// RUN: %t/program
#include "lenet5.h"
#include "mlp.h"
#include "relu.h"
#include <stdio.h>
#include <string.h>

static unsigned char space[LENET5_INFER_WORKSPACE_BYTES +
                           RELU_INFER_WORKSPACE_BYTES +
                           MLP_INFER_WORKSPACE_BYTES + 64];
static lenet5_params a;
static lenet5_weights aw;
static relu_params b;
static relu_weights bw;
static mlp_params c;
static mlp_weights cw;
static float x[28 * 28];

static int classify(float p[3][10])
{
    void *ws = space + (64 - (uintptr_t)space % 64) % 64;
    return lenet5_infer(&aw, 1, x, p[0], ws) || relu_infer(&bw, 1, x, p[1], ws)
           || mlp_infer(&cw, 1, x, p[2], ws);
}

int main(void)
{
    float p[3][10], q[3][10];
    for (int i = 0; i < 28 * 28; i++)
        x[i] = (float)(i % 29) / 29.0f;
    lenet5_init(&a, 1);
    relu_init(&b, 1);
    mlp_init(&c, 1);
    if (lenet5_pack(&a, &aw) || relu_pack(&b, &bw) || mlp_pack(&c, &cw))
        return 1;
    if (classify(p) || classify(q))
        return 2;
    if (memcmp(p, q, sizeof p) != 0 || memcmp(p[0], p[1], sizeof p[0]) == 0)
        return 3;
    puts("three models, one program");
    return 0;
}
