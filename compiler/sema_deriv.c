/* `derivative f(x) = ...;` is compared with the symbolic derivative at sample
 * points when the program is compiled, so that a wrong formula is an error and
 * not a network that does not learn. The points are irrational-looking so that
 * they miss the kinks of piecewise functions.
 */
#include "sema_impl.h"
#include "op_list.h"
#include <math.h>
#include <string.h>

enum { POINTS = 64 };

static double sample_point(int i)
{
    return -4.03125 + 8.0 * ((double)i + 0.37) / POINTS;
}

/* Both derivatives at every sample point, as results of one function. */
static Func *build(Sema *s, const Value *f, const Value *d)
{
    Dim points = dim_const(POINTS);
    Type t = type_of(s->module->real, 1, &points);
    Func *fn = func_new(s->module, FUNC_PLAIN, "derivative");
    s->b = builder_new(fn);
    Node *x = func_input(fn, "x", t);
    Scope *outer = s->scope;
    const Stmt *decl[2] = {f->decl, d->decl};
    Node *y[2];
    for (int i = 0; i < 2; i++) {
        Scope *sc = scope_new(s, f->home, NULL);
        scope_bind(s, sc, i ? decl[i]->names.data[0]
                            : decl[i]->formals.data[0].name,
                   value_node(s, x), false);
        s->scope = sc;
        Value *v = decl[i]->has_body ? run_block(s, &decl[i]->body, false)
                                     : eval(s, decl[i]->value);
        s->scope = outer;
        y[i] = v ? value_to_real(s, v, decl[i]->range) : NULL;
        if (!y[i])
            return NULL;
        y[i] = build2(&s->b, &op_add, y[i],
                      build2(&s->b, &op_mul, x, build_real(&s->b, 0.0)));
    }
    int64_t axis = 0;
    Node *in[2] = {build_sum(&s->b, y[0], &axis, 1), x};
    func_result(fn, RESULT_OUTPUT, "symbolic",
                node_new(&s->b, &op_grad, in, 2, NULL));
    func_result(fn, RESULT_OUTPUT, "given", y[1]);
    return fn;
}

static void compare(Sema *s, const Value *d, const Tensor *x,
                    const Tensor *symbolic, const Tensor *given)
{
    for (int i = 0; i < POINTS; i++) {
        double a = symbolic->data[i], b = given->data[i];
        if (fabs(a - b) <= 1e-6 * (1 + fabs(a) + fabs(b)))
            continue;
        diag_error(s->diag, d->decl->value->range, DL2033,
                   "the derivative of '%s' is wrong: at %s = %.4g it gives "
                   "%.6g, the symbolic derivative %.6g",
                   d->decl->name.text, d->decl->names.data[0].text, x->data[i],
                   b, a);
        return;
    }
}

void check_derivative(Sema *s, const Value *f, const Value *d)
{
    Module *outer_module = s->module;
    Builder outer_b = s->b;
    int errors = s->diag->errors;
    s->module = module_new(s->arena, s->diag, "derivative");
    s->module->real = ELEM_F64;
    Func *fn = build(s, f, d);
    if (fn && s->diag->errors == errors) {
        Options o = {0};
        pass_run(pass_find("grad"), s->module, &o);
        Tensor *x = tensor_new(s->arena, &fn->inputs.data[0]->type, 1);
        Tensor *out[2] = {NULL, NULL};
        const Tensor *in[1] = {x};
        InterpArgs args = {.arena = s->arena, .n = 1, .in = in, .out = out};
        args.globals = map_new(s->arena);
        for (int i = 0; i < POINTS; i++)
            x->data[i] = sample_point(i);
        interp_run(fn, &args);
        compare(s, d, x, out[0], out[1]);
    }
    s->module = outer_module;
    s->b = outer_b;
}
