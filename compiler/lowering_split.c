/* Which loop of a kernel threads share.
 *
 * Samples first, where each thread gets as many; then the loop that lets every
 * thread read the least. A loop of overlapping tiles is shared only where
 * every thread has two of them, so that no element has two writers. Where
 * nothing gives every thread as much, some have a turn more than others.
 */
#include "lowering.h"

bool split_fits(Dim size, int64_t step, const Target *t)
{
    if (!dim_is_const(size))
        return false;
    int64_t units = (size.c + step - 1) / step;
    return units >= 2 * t->threads ||
           (units % t->threads == 0 && size.c % step == 0);
}

Split split_conv(const SplitSizes *s, const Target *t)
{
    bool columns = split_fits(s->columns, s->column_step, t);
    if (dim_is_const(s->batch) && s->batch.c >= t->threads &&
        (s->batch.c % t->threads == 0 || s->batch.c >= 4 * t->threads))
        return SPLIT_BATCH;
    if (columns && s->weights > s->cells)
        return SPLIT_COLUMNS;
    if (s->rows >= 2 * t->threads || s->rows % t->threads == 0)
        return SPLIT_ROWS;
    if (columns)
        return SPLIT_COLUMNS;
    if (split_fits(dim_const(s->groups), 1, t))
        return SPLIT_GROUPS;
    if (!dim_is_const(s->batch))
        return SPLIT_BATCH;
    if (s->rows > t->threads)
        return SPLIT_ROWS;
    bool whole = s->columns.c % s->column_step == 0;
    return whole && dim_is_const(s->columns) &&
                   s->columns.c / s->column_step > t->threads
               ? SPLIT_COLUMNS
               : SPLIT_NONE;
}

Split split_outer(const Node *n, const Target *t)
{
    (void)t;
    return n->type.rank > 0 ? SPLIT_BATCH : SPLIT_NONE;
}

Split split_rows(const Node *n, const Target *t)
{
    (void)n;
    (void)t;
    return SPLIT_ROWS;
}

Split split_blocks(const Node *n, const Type *blocked, const Target *t)
{
    int axis = (int)attr_int(n, "axis");
    SplitSizes s = {.batch = dim_const(1), .columns = blocked->dim[axis],
                    .column_step = 1, .rows = 1, .groups = 1};
    for (int i = 0; i < axis; i++)
        if (!dim_mul(s.batch, blocked->dim[i], &s.batch))
            return SPLIT_NONE;
    return split_conv(&s, t);
}
