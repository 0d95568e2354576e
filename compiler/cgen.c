/* The C file: banner, preamble, helper functions, constant tables, kernels,
 * entries, tables by name.
 *
 * Entries are written first: they say which kernels, helpers and tables the
 * file needs. Nothing in the text depends on the machine or the day.
 */
#include "cgen_impl.h"
#include "embed.h"

#include <string.h>

/* ---- banner ---- */

static const Func *main_func(const Module *m)
{
    for (int i = 0; i < m->funcs.len; i++)
        if (m->funcs.data[i]->kind == FUNC_INFER)
            return m->funcs.data[i];
    for (int i = 0; i < m->funcs.len; i++)
        if (m->funcs.data[i]->kind == FUNC_PLAIN)
            return m->funcs.data[i];
    return m->funcs.len ? m->funcs.data[0] : NULL;
}

static void add_operations(Node *n, void *ctx)
{
    double *sum = ctx;
    *sum += node_operations(n, target_find("generic"));
}

static void put_model_facts(CText *t, const Module *m)
{
    Arena *a = t->text.arena;
    double parameters = 0, operations = 0;
    for (int i = 0; i < m->globals.len; i++)
        if (m->globals.data[i]->kind == GLOBAL_PARAM)
            parameters += (double)type_count_at(&m->globals.data[i]->type, 1);
    Func *f = (Func *)main_func(m);
    const char *size =
        arena_printf(a, " * Model %s: %s parameters", m->name ? m->name : "",
                     count_comment(a, parameters));
    const char *work = "";
    if (f) {
        func_walk(f, add_operations, &operations);
        work = arena_printf(a, "%s: %s operations a sample", f->name,
                            count_comment(a, operations));
    }
    bool fits = strlen(size) + strlen(work) <= 77;
    text_printf(&t->text, " *\n%s%s%s.\n", size,
                !*work ? ""
                : fits ? "; "
                       : ";\n *   ",
                work);
    for (int i = 0; i < m->funcs.len; i++) {
        f = m->funcs.data[i];
        if (f->workspace_bytes == 0)
            continue;
        text_printf(&t->text, " *   workspace of %s: %s bytes (no plan needs "
                              "less",
                    f->name, count_comment(a, (double)f->workspace_bytes));
        if (f->lower_bound < f->workspace_bytes)
            text_printf(&t->text, " than %s",
                        count_comment(a, (double)f->lower_bound));
        text_add(&t->text, ")\n");
    }
}

static void put_banner(CText *t, Module *const *models, int count,
                       const CgenOptions *o)
{
    const char *source = count ? source_name(models[0]) : NULL;
    const char *march = o->pass->target->march;
    text_printf(&t->text, "/* Compiled by %s%s%s.\n", o->compiled_by,
                source ? " from " : "", source ? source : "");
    for (int i = 0; i < count; i++)
        put_model_facts(t, models[i]);
    const char *libraries = arena_printf(
        t->text.arena, "%s%s%s",
        o->pass->blas || !o->pass->freestanding ? "; link with" : "",
        o->pass->blas ? " -lopenblas" : "",
        o->pass->freestanding ? "" : " -lm");
    text_printf(&t->text,
                " *\n * Compile with: cc -std=c99 -O3%s%s -c%s\n */\n",
                march ? " -march=" : "", march ? march : "", libraries);
}

/* ---- preamble ---- */

static const char contract_text[] =
    "/* Products and sums may be fused, whatever the language mode. No loop\n"
    " * depends on the flags of floating-point traps, so gcc may turn conditions\n"
    " * into masks; loops become vector code at -O2, too, and no value is carried\n"
    " * from one turn to the next where loading it again costs less.\n"
    " */\n"
    "#if defined(__clang__)\n"
    "#pragma STDC FP_CONTRACT ON\n"
    "#elif defined(__GNUC__)\n"
    "#pragma GCC optimize(\"fp-contract=fast\", \"no-trapping-math\")\n"
    "#pragma GCC optimize(\"tree-vectorize\", \"vect-cost-model=dynamic\")\n"
    "#pragma GCC optimize(\"no-predictive-commoning\")\n"
    "#endif\n";

static const char restrict_text[] =
    "#ifdef __cplusplus\n"
    "#define restrict __restrict\n"
    "#endif\n";

static const char independent_text[] =
    "/* The turns of the next loop do not depend on each other: compilers make\n"
    " * vectors of them, also where it is short, and do not write it out before. */\n"
    "#if defined(__GNUC__) && !defined(__clang__)\n"
    "#define INDEPENDENT _Pragma(\"GCC ivdep\") _Pragma(\"GCC unroll 1\")\n"
    "#elif defined(__clang__)\n"
    "#pragma clang diagnostic ignored \"-Wpass-failed\"\n"
    "#define INDEPENDENT _Pragma(\"clang loop vectorize(assume_safety)\")\n"
    "#else\n"
    "#define INDEPENDENT\n"
    "#endif\n";

static const char independent_lanes_text[] =
    "/* The same for a few turns on neighbours in memory: clang writes them out\n"
    " * first unless told not to, and finds no vectors in what comes of it. */\n"
    "#if defined(__clang__)\n"
    "#define INDEPENDENT_LANES \\\n"
    "    _Pragma(\"clang loop vectorize(assume_safety) unroll(disable)\")\n"
    "#else\n"
    "#define INDEPENDENT_LANES INDEPENDENT\n"
    "#endif\n";

static const char unroll_text[] =
    "/* The next loop, of at most 16 turns, is written out; UNROLL_2, _4, _8:\n"
    " * so many turns of it at a time; ROLLED: it stays a loop. UNROLL_AROUND: four\n"
    " * turns around INDEPENDENT_LANES, of which clang would lose the vectors. */\n"
    "#if defined(__clang__)\n"
    "#define UNROLL _Pragma(\"clang loop unroll(full)\")\n"
    "#define UNROLL_2 _Pragma(\"clang loop unroll_count(2)\")\n"
    "#define UNROLL_4 _Pragma(\"clang loop unroll_count(4)\")\n"
    "#define UNROLL_8 _Pragma(\"clang loop unroll_count(8)\")\n"
    "#define ROLLED _Pragma(\"clang loop unroll(disable)\")\n"
    "#define UNROLL_AROUND ROLLED\n"
    "#elif defined(__GNUC__)\n"
    "#define UNROLL _Pragma(\"GCC unroll 16\")\n"
    "#define UNROLL_2 _Pragma(\"GCC unroll 2\")\n"
    "#define UNROLL_4 _Pragma(\"GCC unroll 4\")\n"
    "#define UNROLL_8 _Pragma(\"GCC unroll 8\")\n"
    "#define ROLLED _Pragma(\"GCC unroll 1\")\n"
    "#define UNROLL_AROUND UNROLL_4\n"
    "#else\n"
    "#define UNROLL\n"
    "#define UNROLL_2\n"
    "#define UNROLL_4\n"
    "#define UNROLL_8\n"
    "#define ROLLED\n"
    "#define UNROLL_AROUND\n"
    "#endif\n";

static const char inline_text[] =
    "/* A function whose integer arguments have to become literals. */\n"
    "#if defined(__GNUC__)\n"
    "#define INLINE inline __attribute__((always_inline))\n"
    "#else\n"
    "#define INLINE inline\n"
    "#endif\n";

static const char prefetch_text[] =
    "/* Asks for memory that is read soon; the address need not be valid. */\n"
    "#if defined(__GNUC__) && !defined(__TINYC__)\n"
    "#define PREFETCH(p) __builtin_prefetch(p)\n"
    "#else\n"
    "#define PREFETCH(p) ((void)0)\n"
    "#endif\n";

static const char prefetch_l2_text[] =
    "/* Asks for memory that is read soon, but not into the first cache. */\n"
    "#if defined(__GNUC__) && !defined(__TINYC__)\n"
    "#define PREFETCH_L2(p) __builtin_prefetch(p, 0, 2)\n"
    "#else\n"
    "#define PREFETCH_L2(p) ((void)0)\n"
    "#endif\n";

static const char anew_text[] =
    "/* What p points to is loaded anew: else what the last turn has loaded would\n"
    " * be kept, and other things wait in memory for that. */\n"
    "#if defined(__GNUC__) && !defined(__TINYC__)\n"
    "#define ANEW(p) __asm__(\"\" : \"+r\"(p))\n"
    "#else\n"
    "#define ANEW(p) ((void)0)\n"
    "#endif\n";

static const char hide_text[] =
    "/* gcc does not know from here on what the number v is. */\n"
    "#if defined(__SSE2__) && defined(__GNUC__) && !defined(__clang__) && \\\n"
    "    !defined(__TINYC__)\n"
    "#define HIDE(v) __asm__(\"\" : \"+x\"(v))\n"
    "#else\n"
    "#define HIDE(v) ((void)0)\n"
    "#endif\n";

/* Vectors are wider than the registers of a processor that the caller did not
 * name with -march: then there is nothing to say of registers. */
static const char *in_register_text(Arena *a, int vector_bytes)
{
    const char *has = vector_bytes > 32   ? "__AVX512F__"
                      : vector_bytes > 16 ? "__AVX__"
                                          : "__SSE2__";
    const char *fused = vector_bytes > 32 ? "__AVX512F__" : "__FMA__";
    const char *kind = vector_bytes > 32 ? "v" : "x";
    return arena_printf(
        a,
        "/* IN_REGISTER: the vector is loaded once; clang would load it for each "
        "use.\n"
        " * UNTIL_HERE: it keeps its register; gcc would give it away earlier, and\n"
        " * move sums or load factors again for that. Where products are not fused\n"
        " * with sums they take the register of a factor at its last use. */\n"
        "#if defined(%s) && defined(__clang__)\n"
        "#define IN_REGISTER(v) __asm__(\"\" : \"+%s\"(v))\n"
        "#define UNTIL_HERE(v) ((void)0)\n"
        "#elif defined(%s) && defined(__GNUC__)\n"
        "#define IN_REGISTER(v) ((void)0)\n"
        "#define UNTIL_HERE(v) __asm__(\"\" : : \"%s\"(v))\n"
        "#else\n"
        "#define IN_REGISTER(v) ((void)0)\n"
        "#define UNTIL_HERE(v) ((void)0)\n"
        "#endif\n",
        has, kind, fused, kind);
}

static const char *together_text(Arena *a, int threads)
{
    return arena_printf(
        a,
        "/* With -fopenmp %d threads run through a block TOGETHER. They share the\n"
        " * parts of a loop; each writes elements of its own, the same bits for any\n"
        " * number of threads. One of them does what is done ALONE, and at a BARRIER\n"
        " * they wait for each other: nowhere else.\n"
        " */\n"
        "#if defined(_OPENMP)\n"
        "#define TOGETHER _Pragma(\"omp parallel num_threads(%d)\")\n"
        "#define SHARED _Pragma(\"omp for schedule(static) nowait\")\n"
        "#define ALONE _Pragma(\"omp master\")\n"
        "#define BARRIER _Pragma(\"omp barrier\")\n"
        "#else\n"
        "#define TOGETHER\n"
        "#define SHARED\n"
        "#define ALONE\n"
        "#define BARRIER\n"
        "#endif\n",
        threads, threads);
}

static const char *parallel_text(Arena *a, int threads)
{
    return arena_printf(
        a,
        "/* With -fopenmp %d threads do the parts of the next loop; each writes\n"
        " * elements of its own, the same bits for any number of threads.\n"
        " */\n"
        "#if defined(_OPENMP)\n"
        "#define PARALLEL _Pragma(\"omp parallel for num_threads(%d)\")\n"
        "#else\n"
        "#define PARALLEL\n"
        "#endif\n",
        threads, threads);
}

/* clang takes minutes for an entry with a hundred kernels inside, and profilers
 * name what is a function. */
static const char noinline_text[] =
    "/* A kernel stays a function: compilers, debuggers and profilers see it. */\n"
    "#if defined(__GNUC__)\n"
    "#define NOINLINE __attribute__((noinline))\n"
    "#else\n"
    "#define NOINLINE\n"
    "#endif\n";

static void put_if_used(CText *t, const char *text, const char *word,
                        const char *definition)
{
    if (!text_mentions(text, word))
        return;
    put_blank(t);
    put_raw(t, definition);
}

static void put_preamble(CText *t, const CgenOptions *o, const char *text)
{
    put_blank(t);
    if (o->header_name)
        put(t, "#include \"%s\"", o->header_name);
    put_blank(t);
    put(t, "#include <stddef.h>\n#include <stdint.h>");
    put(t, "#include <string.h>");
    if (!o->pass->freestanding)
        put(t, "#include <math.h>");
    if (strstr(text, "_Complex"))
        put(t, "#include <complex.h>");
    if (o->amx)
        put(t, "extern int %s;", o->amx);
    if (text_mentions(text, "cblas_sgemm") ||
        text_mentions(text, "cblas_dgemm"))
        put(t, "#include <cblas.h>");
    put_blank(t);
    put_raw(t, contract_text);
    put_if_used(t, text, "restrict", restrict_text);
    if (text_mentions(text, "INDEPENDENT") ||
        text_mentions(text, "INDEPENDENT_LANES")) {
        put_blank(t);
        put_raw(t, independent_text);
    }
    put_if_used(t, text, "INDEPENDENT_LANES", independent_lanes_text);
    put_if_used(t, text, "PARALLEL",
                parallel_text(t->text.arena, o->pass->target->threads));
    put_if_used(t, text, "TOGETHER",
                together_text(t->text.arena, o->pass->target->threads));
    if (text_mentions(text, "UNROLL") || text_mentions(text, "ROLLED")) {
        put_blank(t);
        put_raw(t, unroll_text);
    }
    put_if_used(t, text, "INLINE", inline_text);
    put_if_used(t, text, "PREFETCH", prefetch_text);
    put_if_used(t, text, "PREFETCH_L2", prefetch_l2_text);
    if (text_mentions(text, "IN_REGISTER") || text_mentions(text, "UNTIL_HERE")) {
        put_blank(t);
        put_raw(t, in_register_text(t->text.arena,
                                    o->pass->target->vector_bytes));
    }
    put_if_used(t, text, "ANEW", anew_text);
    put_if_used(t, text, "HIDE", hide_text);
    put_if_used(t, text, "NOINLINE", noinline_text);
    put_if_used(t, text, "TILES_BEGIN", embed_find("kernels/amx.c")->text);
    put_if_used(t, text, "amx_ask", embed_find("kernels/amx_ask.c")->text);
}

/* ---- what every model has ---- */

static void put_strerror(CText *t, const ModelNames *names,
                         const CgenOptions *o)
{
    const char *u = names->upper;
    put_blank(t);
    put(t, "const char *%s_strerror(int status)\n{", names->prefix);
    put(t, "switch (status) {");
    put(t, "case %s_OK:\nreturn \"success\";", u);
    put(t, "case %s_ERROR_NULL:\nreturn \"a pointer is null\";", u);
    if (names->module->dim)
        put(t, "case %s_ERROR_SIZE:\nreturn \"n is not within 1..%lld\";", u,
            (long long)names->module->bound);
    put(t, "case %s_ERROR_RANGE:\nreturn \"a label or an index is out of "
           "range\";", u);
    put(t, "case %s_ERROR_ALIGNMENT:\nreturn \"the workspace is not aligned to "
           "%d bytes\";", u, WORKSPACE_ALIGN);
    if (o->pass->check_finite)
        put(t, "case %s_ERROR_NOT_FINITE:\nreturn \"a result is infinite or "
               "not a number\";", u);
    if (names_use_amx(names))
        put(t, "case %s_ERROR_NO_AMX:\nreturn \"no AMX tiles for this "
               "process\";", u);
    put(t, "default:\nreturn \"unknown status\";\n}\n}");
}

static void put_enable_amx(CText *t, const ModelNames *names)
{
    const char *u = names->upper;
    if (!names_use_amx(names))
        return;
    put_blank(t);
    put(t, "int %s_enable_amx(%s *w)\n{", names->prefix,
        names_kind(names, GLOBAL_WEIGHT, NULL)->type);
    put(t, "if (!w) {\nreturn %s_ERROR_NULL;\n}", u);
    put(t, "w->amx = amx_ask();");
    put(t, "return w->amx ? %s_OK : %s_ERROR_NO_AMX;\n}", u, u);
}

static void put_sizes(CText *t, const ModelNames *names)
{
    for (int i = 0; i < names->entries.len; i++) {
        const Entry *e = &names->entries.data[i];
        if (!entry_arg(e, ARG_WORKSPACE))
            continue;
        put_blank(t);
        put(t, "size_t %s_workspace_bytes(void)\n{", e->name);
        put(t, "return %s_WORKSPACE_BYTES;\n}", e->macro);
    }
}

static void put_model(CText *t, Output *out, const ModelNames *names)
{
    for (int i = 0; i < names->entries.len; i++)
        emit_entry(t, out, &names->entries.data[i]);
    put_enable_amx(t, names);
    put_sizes(t, names);
    put_strerror(t, names, out->options);
    put_tables(t, names);
}

/* Everything that library_used may choose from. */
static const char *library_text(Arena *a, const CgenOptions *o)
{
    const char *helpers = embed_find("kernels/helpers.c")->text;
    const char *own = embed_find("kernels/elementary_f32.c")->text;
    if (!o->pass->freestanding)
        return arena_printf(a, "%s\n%s", own, helpers);
    return arena_printf(a, "%s\n%s\n%s\n%s",
                        embed_find("kernels/elementary.c")->text, own,
                        embed_find("kernels/circular.c")->text,
                        scalar_c_freestanding(a, helpers));
}

static void put_part(Text *c, const char *text)
{
    if (text && *text)
        text_printf(c, "\n%s", text);
}

void cgen_source(Text *c, Module *const *models, int count,
                 const CgenOptions *o)
{
    Arena *a = c->arena;
    Output out = {.arena = a, .options = o, .kernels = {.arena = a},
                  .kernel_names = map_new(a), .parts = map_new(a),
                  .variables = map_new(a),
                  .taken = map_new(a), .words = kernel_words(a),
                  .seen = map_new(a),
                  .tables = {.arena = a}, .table_names = map_new(a)};
    CText entries = ctext_new(a);
    CText declarations = ctext_new(a);
    for (int i = 0; i < count; i++) {
        const ModelNames *names = names_new(a, models[i], o);
        put_model(&entries, &out, names);
        if (!o->header_name)
            put_declarations(&declarations, names, o);
    }
    Text all = {.arena = a};
    text_printf(&all, "%s\n%s", out.kernels.data ? out.kernels.data : "",
                entries.text.data ? entries.text.data : "");
    const char *library = library_text(a, o);
    CText head = ctext_new(a);
    put_banner(&head, models, count, o);
    put_preamble(&head, o, all.data);
    text_add(c, head.text.data);
    put_part(c, declarations.text.data);
    put_part(c, library_used(a, library, all.data));
    put_part(c, out.tables.data);
    put_part(c, out.kernels.data);
    put_part(c, entries.text.data);
}
