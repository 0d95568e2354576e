/* What the tests of kernels on channel-blocked tensors share; REAL, NUMBERS and
 * UNIT are set. A tensor is [images, blocks, h, w, v]; lanes from `channels` on
 * are 0. */
static size_t cell_at(int channel, int image, int blocks, int h, int w, int i,
                      int j, int v)
{
    size_t plane = (size_t)(image * blocks + channel / v);
    return ((plane * (size_t)h + (size_t)i) * (size_t)w + (size_t)j) *
               (size_t)v + (size_t)(channel % v);
}

static REAL *blocked(int images, int channels, int h, int w, int v)
{
    int blocks = (channels + v - 1) / v;
    REAL *x = NUMBERS((size_t)(images * blocks * h * w * v));
    for (int b = 0; b < images; b++)
        for (int c = channels; c < blocks * v; c++)
            for (int i = 0; i < h; i++)
                for (int j = 0; j < w; j++)
                    x[cell_at(c, b, blocks, h, w, i, j, v)] = 0;
    return x;
}

/* The scratch of a kernel holds nothing of use. */
static inline REAL *spoilt(size_t count)
{
    REAL *x = NUMBERS(count);
    for (size_t i = 0; i < count; i++)
        x[i] = (REAL)NAN;
    return x;
}

/* A convolution's result, and the sum of the products' sizes. */
typedef struct Plain {
    int channels, outputs, groups; /* of a group, of all */
    int h, w, kh, kw, stride, dilate, low_h, low_w, v;
} Plain;

static double plain_sum(const Plain *p, const REAL *x, const REAL *w, int b,
                        int o, int oh, int ow, double *magnitude)
{
    int all = p->channels * p->groups, blocks = (all + p->v - 1) / p->v;
    int g = o / (p->outputs / p->groups);
    double sum = 0;
    *magnitude = 0;
    for (int c = 0; c < p->channels; c++)
        for (int kh = 0; kh < p->kh; kh++)
            for (int kw = 0; kw < p->kw; kw++) {
                int i = oh * p->stride + kh * p->dilate - p->low_h;
                int j = ow * p->stride + kw * p->dilate - p->low_w;
                if (i < 0 || i >= p->h || j < 0 || j >= p->w)
                    continue;
                double term =
                    (double)x[cell_at(g * p->channels + c, b, blocks, p->h,
                                      p->w, i, j, p->v)] *
                    (double)w[((o * p->channels + c) * p->kh + kh) * p->kw +
                              kw];
                sum += term;
                *magnitude += fabs(term);
            }
    return sum;
}
