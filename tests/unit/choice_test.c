/* Without options the chosen implementation is the cheapest that applies, for
 * products and convolutions of many sizes; blas is not among them.
 */
// RUN: %cc %s %objs -lm -o %t && %t
#include "choice.h"
#include "impl_list.h"
#include "op_list.h"
#include <stdio.h>

static Type type4(int64_t a, int64_t b, int64_t c, int64_t d)
{
    Dim dims[] = {dim_const(a), dim_const(b), dim_const(c), dim_const(d)};
    return type_of(ELEM_F32, 4, dims);
}

static Type type2(int64_t a, int64_t b)
{
    Dim dims[] = {dim_const(a), dim_const(b)};
    return type_of(ELEM_F32, 2, dims);
}

static int check(const Func *f, const Node *n, const Options *o)
{
    const Impl *best = choice_best(f, n, o);
    double least = choice_cost(best, n, o->target).seconds;
    if (best == &impl_matmul_blas || !choice_applies(best, f, n, o)) {
        printf("%s: %s was not allowed\n", n->name, best->name);
        return 1;
    }
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++)
        if (n->op->impl[i]->lower && /* the others are chosen in pass layout */
            choice_applies(n->op->impl[i], f, n, o) &&
            choice_cost(n->op->impl[i], n, o->target).seconds < least) {
            printf("%s: %s is cheaper than %s\n", n->name, n->op->impl[i]->name,
                   best->name);
            return 1;
        }
    return 0;
}

static Node *make(Builder *b, const OpDef *op, Type x, Type y)
{
    Node *in[] = {func_input(b->func, "x", x), func_input(b->func, "y", y)};
    return node_new(b, op, in, 2, NULL);
}

int main(void)
{
    static const int64_t sizes[] = {1, 3, 8, 30, 100};
    Arena *a = arena_new();
    Diag d = {.arena = a, .out = stderr};
    int wrong = 0, count = 0;
    op_init(a);
    Module *m = module_new(a, &d, "m");
    m->real = ELEM_F32;
    Builder b = builder_new(func_new(m, FUNC_PLAIN, "f"));
    for (int t = 0; t < target_count; t++) {
        Options o = {.target = target_table[t]};
        for (int i = 0; i < 5; i++)
            for (int k = 0; k < 5; k++) {
                Node *n = make(&b, &op_matmul, type2(sizes[i], sizes[k]),
                               type2(sizes[k], sizes[i]));
                wrong += check(b.func, n, &o);
                n = make(&b, &op_conv, type4(2, sizes[i], 9, 9),
                         type4(sizes[k], sizes[i], 3, 3));
                wrong += check(b.func, n, &o);
                count += 2;
            }
    }
    printf("%d choices, %d wrong\n", count, wrong);
    arena_free(a);
    return wrong != 0;
}
