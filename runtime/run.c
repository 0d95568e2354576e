/* run: the program that calls one entry of a model on arrays from files.
 *
 * A command line that cannot be understood is exit 2; one that asks for what
 * the model or the files do not have is exit 1. Files are written only after
 * all calls have succeeded.
 */
#include "driver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Pair {
    char *name; /* owned */
    const char *path;
} Pair;

typedef struct Options {
    const char *entry, *weights, *save_weights, *losses;
    const char *load_state, *save_state;
    uint64_t seed, steps, batch; /* 0: not given */
    Pair *inputs, *outputs;
    int input_count, output_count;
    bool list;
} Options;

typedef struct Run {
    const DlcModel *model;
    Options options;
    DlcSession session;
    int entry;
    DlcArray *arrays; /* by input of the model */
    int64_t rows;     /* samples in the files; -1: no input says */
    int n;
    double *losses; /* [steps, values] */
    DlcOutput *files;
    int file_count;
} Run;

static bool add_pair(Pair *list, int *count, const char *option,
                     const char *text, DlcError *e)
{
    if (e->usage)
        return false;
    const char *equal = strchr(text, '=');
    if (!equal || equal == text || !equal[1])
        return dlc_usage(e, "%s: '%s' is not NAME=FILE.npy", option, text);
    Pair *p = &list[*count];
    p->name = dlc_copy_text(text, e);
    if (!p->name)
        return false;
    p->name[equal - text] = 0;
    p->path = equal + 1;
    ++*count;
    for (int i = 0; i + 1 < *count; i++)
        if (strcmp(list[i].name, p->name) == 0)
            return dlc_usage(e, "%s: '%s' is given twice", option, p->name);
    return true;
}

static const char help[] =
    "usage: dlc run MODEL.dl [options]\n"
    "  --entry=E               infer (if not given), eval or a train block\n"
    "  --input NAME=F.npy      an array for input NAME; once for each input\n"
    "  --output NAME=F.npy     write output or value NAME\n"
    "  --weights=F             parameters to begin with, safetensors\n"
    "  --save-weights=F        write the parameters at the end\n"
    "  --seed=S                of first values, dropout and noise\n"
    "  --steps=K               calls, each on the next batch\n"
    "  --batch=B               samples of a call\n"
    "  --losses=F.npy          write the losses of every step\n"
    "  --load-state=F          what calls keep, to begin with\n"
    "  --save-state=F          the same at the end\n"
    "  --list                  parameters, inputs and entries of the model\n";

static bool parse_pair(Options *o, DlcArgs *a, bool *ok)
{
    const char *text;
    if ((text = dlc_args_value(a, "--input")))
        *ok = add_pair(o->inputs, &o->input_count, "--input", text, a->error);
    else if ((text = dlc_args_value(a, "--output")))
        *ok =
            add_pair(o->outputs, &o->output_count, "--output", text, a->error);
    return text != NULL;
}

static bool parse_file(Options *o, DlcArgs *a)
{
    const struct {
        const char *name;
        const char **value;
    } files[] = {
        {"--entry", &o->entry},
        {"--weights", &o->weights},
        {"--save-weights", &o->save_weights},
        {"--losses", &o->losses},
        {"--load-state", &o->load_state},
        {"--save-state", &o->save_state},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *text = dlc_args_value(a, files[i].name);
        if (!text)
            continue;
        *files[i].value = text;
        return true;
    }
    return false;
}

static bool parse_options(Options *o, int argc, char **argv, DlcError *e)
{
    size_t most = argc > 0 ? (size_t)argc : 1;
    o->inputs = dlc_alloc(most, sizeof *o->inputs, e);
    if (!o->inputs)
        return false;
    o->outputs = dlc_alloc(most, sizeof *o->outputs, e);
    if (!o->outputs)
        return false;
    DlcArgs a = {argc, argv, 1, e};
    bool ok = true;
    while (ok && a.at < argc && !e->usage) {
        if (parse_file(o, &a) || parse_pair(o, &a, &ok) ||
            dlc_args_number(&a, "--seed", 0, UINT64_MAX, &o->seed) ||
            dlc_args_number(&a, "--steps", 1, INT32_MAX, &o->steps) ||
            dlc_args_number(&a, "--batch", 1, INT32_MAX, &o->batch))
            continue;
        if (dlc_args_flag(&a, "--list"))
            o->list = true;
        else
            dlc_usage(e, "unknown option '%s'", argv[a.at]);
    }
    if (e->usage)
        dlc_hint(e, "--entry=E --input NAME=F.npy --output NAME=F.npy "
                    "--weights=F --save-weights=F --seed=S --steps=K "
                    "--batch=B --losses=F.npy --load-state=F --save-state=F "
                    "--list");
    return ok && !e->usage;
}

static void print_tensors(const char *kind, const DlcTensor *t, int count)
{
    char text[DLC_SHAPE_TEXT];
    for (int i = 0; i < count; i++)
        printf("%s %s  %s\n", kind, t[i].name, dlc_tensor_text(text, &t[i]));
}

static void print_entry(const DlcModel *m, const DlcEntry *f)
{
    static const char *const values[] = {"", "value", "loss"};
    printf("entry %s(", f->name);
    for (int i = 0; i < f->input_count; i++)
        printf("%s%s", i ? ", " : "", m->inputs[f->inputs[i]].name);
    printf(")\n");
    print_tensors("  output", f->outputs, f->output_count);
    for (int i = 0; i < f->value_count; i++)
        printf("  %s %s\n", values[f->kind], f->value_names[i]);
    if (f->kind == DLC_STEP)
        print_tensors("  state", f->states, f->state_count);
}

static void print_list(const DlcModel *m)
{
    printf("model %s\n", m->name);
    if (m->max_n > 0)
        printf("N <= %" PRId64 "\n", m->max_n);
    print_tensors("param", m->params, m->param_count);
    print_tensors("state", m->memory, m->memory_count);
    print_tensors("input", m->inputs, m->input_count);
    for (int i = 0; i < m->entry_count; i++)
        print_entry(m, &m->entries[i]);
}

static bool find_entry(Run *r, DlcError *e)
{
    const DlcModel *m = r->model;
    const char *name = r->options.entry ? r->options.entry : "infer";
    r->entry = dlc_entry_find(m, name);
    if (r->entry >= 0)
        return true;
    char names[160] = "";
    size_t used = 0;
    for (int i = 0; i < m->entry_count && used < 100; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, " %.40s",
                                 m->entries[i].name);
    dlc_fail(e, "the model has no entry '%s'", name);
    return dlc_hint(e, "it has:%s", names);
}

static const char *path_of(const Pair *list, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return list[i].path;
    return NULL;
}

/* Is `name` something the entry can give? */
static bool has_result(const DlcEntry *f, const char *name)
{
    for (int i = 0; i < f->output_count; i++)
        if (strcmp(f->outputs[i].name, name) == 0)
            return true;
    for (int i = 0; i < f->value_count; i++)
        if (strcmp(f->value_names[i], name) == 0)
            return true;
    return false;
}

static bool check_names(const Run *r, DlcError *e)
{
    const DlcModel *m = r->model;
    const Options *o = &r->options;
    const DlcEntry *f = &m->entries[r->entry];
    for (int i = 0; i < o->input_count; i++) {
        int k = 0;
        while (k < m->input_count &&
               strcmp(m->inputs[k].name, o->inputs[i].name) != 0)
            k++;
        if (k < m->input_count)
            continue;
        dlc_fail(e, "the model has no input '%s'", o->inputs[i].name);
        return dlc_hint(e, "--list shows its inputs");
    }
    for (int i = 0; i < o->output_count; i++) {
        if (has_result(f, o->outputs[i].name))
            continue;
        dlc_fail(e, "entry '%s' has no output '%s'", f->name,
                 o->outputs[i].name);
        return dlc_hint(e, "--list shows what each entry gives");
    }
    if (f->kind == DLC_STEP)
        return true;
    bool keeps = m->memory_count > 0;
    const char *wrong = o->steps                    ? "--steps"
                        : o->losses                 ? "--losses"
                        : !keeps && o->load_state ? "--load-state"
                        : !keeps && o->save_state ? "--save-state"
                                                  : NULL;
    return !wrong ||
           dlc_usage(e, "%s: '%s' is not a training step", wrong, f->name);
}

static bool load_input(Run *r, int i, DlcError *e)
{
    const DlcModel *m = r->model;
    const DlcTensor *t = &m->inputs[i];
    const Options *o = &r->options;
    const char *path = path_of(o->inputs, o->input_count, t->name);
    if (!path) {
        dlc_fail(e, "no data for input '%s'", t->name);
        return dlc_hint(e, "--input %s=FILE.npy", t->name);
    }
    DlcArray *a = &r->arrays[i];
    bool sampled = dlc_input_is_sampled(m, t);
    int64_t row = dlc_tensor_count(t, 1, sampled ? 1 : 0);
    if (!dlc_array_load(a, path, e))
        return false;
    if (!dlc_array_match(a, t, sampled, e) || !dlc_array_check(a, t, row, e))
        return dlc_fail_in(e, path);
    if (!sampled)
        return true;
    if (r->rows >= 0 && r->rows != a->dims[0]) {
        dlc_fail(e, "%" PRId64 " rows, but another input has %" PRId64,
                 a->dims[0], r->rows);
        return dlc_fail_in(e, path);
    }
    r->rows = a->dims[0];
    return true;
}

/* Chooses n. A step takes its rows batch by batch; other entries take all
 * rows at once. */
static bool choose_n(Run *r, DlcError *e)
{
    const DlcModel *m = r->model;
    bool step = m->entries[r->entry].kind == DLC_STEP;
    int64_t wanted = (int64_t)r->options.batch;
    int64_t n = wanted                         ? wanted
                : m->max_n == 0 || r->rows < 0 ? m->batch
                : step && r->rows > m->batch   ? m->batch
                                               : r->rows;
    if (m->max_n == 0 && n != m->batch)
        return dlc_fail(e,
                        "--batch=%" PRId64 ": the batch is fixed at %" PRId64,
                        n, m->batch);
    if (m->max_n > 0 && n > m->max_n) {
        dlc_fail(e,
                 "%" PRId64 " samples, but the model takes at most %" PRId64
                 " (N <= %" PRId64 ")",
                 n, m->max_n, m->max_n);
        return dlc_hint(e, "-D N=%" PRId64 " raises the bound", n);
    }
    bool enough = r->rows < 0 || (step ? r->rows >= n : r->rows == n) ||
                  (wanted && r->rows >= n);
    if (!enough)
        return dlc_fail(
            e, "the inputs have %" PRId64 " rows, but %" PRId64 " are needed",
            r->rows, n);
    r->n = (int)n;
    return true;
}

/* What --load-state and --save-state are about. */
typedef struct State {
    const DlcTensor *tensors;
    int count;
    void *base;
} State;

static State state_of(const Run *r)
{
    const DlcModel *m = r->model;
    const DlcEntry *f = &m->entries[r->entry];
    if (f->kind == DLC_STEP)
        return (State){f->states, f->state_count, r->session.states[r->entry]};
    return (State){m->memory, m->memory_count, r->session.memory};
}

static bool load_all(Run *r, DlcError *e)
{
    const DlcModel *m = r->model;
    const Options *o = &r->options;
    const DlcEntry *f = &m->entries[r->entry];
    if (!dlc_session_open(&r->session, m, o->seed, e))
        return false;
    if (o->weights && !dlc_store_load(o->weights, m->params, m->param_count,
                                      r->session.params, e))
        return false;
    State state = state_of(r);
    if (o->load_state && !dlc_store_load(o->load_state, state.tensors,
                                         state.count, state.base, e))
        return false;
    r->arrays = dlc_alloc((size_t)m->input_count, sizeof *r->arrays, e);
    if (!r->arrays)
        return false;
    r->rows = -1;
    for (int i = 0; i < f->input_count; i++)
        if (!load_input(r, f->inputs[i], e))
            return false;
    return choose_n(r, e);
}

/* Rows [k*n, (k+1)*n), where k counts round the whole batches of the files. */
static void fill_inputs(Run *r, uint64_t step)
{
    const DlcModel *m = r->model;
    const DlcEntry *f = &m->entries[r->entry];
    int64_t whole = r->rows < 0 ? 1 : r->rows / r->n;
    int64_t k = (int64_t)(step % (uint64_t)whole);
    if (step > 0 && whole == 1)
        return;
    for (int i = 0; i < f->input_count; i++) {
        const DlcTensor *t = &m->inputs[f->inputs[i]];
        const DlcArray *a = &r->arrays[f->inputs[i]];
        void *to = r->session.in[f->inputs[i]];
        if (dlc_input_is_sampled(m, t)) {
            int64_t count = dlc_tensor_count(t, r->n, 0);
            dlc_array_read(a, k * count, count, t->elem, to);
        } else {
            dlc_array_read(a, 0, a->count, t->elem, to);
        }
    }
}

static bool call_all(Run *r, DlcError *e)
{
    const DlcEntry *f = &r->model->entries[r->entry];
    uint64_t steps = r->options.steps ? r->options.steps : 1;
    size_t values = (size_t)f->value_count;
    r->losses = dlc_alloc((size_t)steps * values, sizeof *r->losses, e);
    if (!r->losses)
        return false;
    if (f->kind != DLC_STEP && !dlc_session_pack(&r->session, e))
        return false;
    for (uint64_t k = 0; k < steps; k++) {
        fill_inputs(r, k);
        if (!dlc_session_call(&r->session, r->entry, r->n, e)) {
            char where[40];
            snprintf(where, sizeof where, "step %" PRIu64, k + 1);
            return steps > 1 ? dlc_fail_in(e, where) : false;
        }
        memcpy(r->losses + k * values, r->session.values,
               values * sizeof *r->losses);
    }
    return true;
}

static bool write_array(const Run *r, const char *name, DlcOutput *o,
                        DlcError *e)
{
    const DlcEntry *f = &r->model->entries[r->entry];
    for (int i = 0; i < f->output_count; i++) {
        const DlcTensor *t = &f->outputs[i];
        int64_t dims[DLC_MAX_RANK];
        if (strcmp(t->name, name) != 0)
            continue;
        for (int k = 0; k < t->rank; k++)
            dims[k] = t->dims[k] < 0 ? r->n : t->dims[k];
        return dlc_npy_write(o, t->elem, t->rank, dims, r->session.out[i], e);
    }
    int i = 0;
    while (strcmp(f->value_names[i], name) != 0) /* check_names has seen it */
        i++;
    return dlc_npy_write(o, DLC_F64, 0, NULL, &r->session.values[i], e);
}

/* Opens the next of the files to write. */
static DlcOutput *next_file(Run *r, const char *path, DlcError *e)
{
    DlcOutput *o = &r->files[r->file_count];
    if (!dlc_output_open(o, path, e))
        return NULL;
    r->file_count++;
    return o;
}

static bool write_files(Run *r, DlcError *e)
{
    const DlcModel *m = r->model;
    const Options *o = &r->options;
    const DlcEntry *f = &m->entries[r->entry];
    DlcOutput *to;
    for (int i = 0; i < o->output_count; i++)
        if (!(to = next_file(r, o->outputs[i].path, e)) ||
            !write_array(r, o->outputs[i].name, to, e))
            return false;
    int64_t dims[2] = {o->steps ? (int64_t)o->steps : 1, f->value_count};
    if (o->losses && (!(to = next_file(r, o->losses, e)) ||
                      !dlc_npy_write(to, DLC_F64, 2, dims, r->losses, e)))
        return false;
    if (o->save_weights &&
        (!(to = next_file(r, o->save_weights, e)) ||
         !dlc_store_write(to, m->params, m->param_count, r->session.params, e)))
        return false;
    State state = state_of(r);
    return !o->save_state || ((to = next_file(r, o->save_state, e)) &&
                              dlc_store_write(to, state.tensors, state.count,
                                              state.base, e));
}

/* Writes every file, and only then gives them their names. */
static bool write_all(Run *r, DlcError *e)
{
    const DlcEntry *f = &r->model->entries[r->entry];
    size_t most = (size_t)r->options.output_count + 3;
    r->files = dlc_alloc(most, sizeof *r->files, e);
    if (!r->files || !write_files(r, e))
        return false;
    for (int i = 0; i < r->file_count; i++)
        if (!dlc_output_seal(&r->files[i], e))
            return false;
    for (int i = 0; i < r->file_count; i++)
        if (!dlc_output_name(&r->files[i], e))
            return false;
    for (int i = 0; i < f->value_count; i++)
        printf("%s %.9g\n", f->value_names[i], r->session.values[i]);
    return true;
}

static void close_run(Run *r)
{
    for (int i = 0; r->arrays && i < r->model->input_count; i++)
        dlc_array_free(&r->arrays[i]);
    for (int i = 0; i < r->options.input_count; i++)
        free(r->options.inputs[i].name);
    for (int i = 0; i < r->options.output_count; i++)
        free(r->options.outputs[i].name);
    for (int i = 0; i < r->file_count; i++)
        dlc_output_drop(&r->files[i]);
    free(r->files);
    free(r->arrays);
    free(r->losses);
    free(r->options.inputs);
    free(r->options.outputs);
    dlc_session_close(&r->session);
}

int dlc_run_main(const DlcModel *m, int argc, char **argv)
{
    DlcError e = {0};
    Run r = {.model = m};
    if (dlc_args_help(argc, argv, help))
        return 0;
    bool ok = parse_options(&r.options, argc, argv, &e);
    if (ok && r.options.list)
        print_list(m);
    else
        ok = ok && find_entry(&r, &e) && check_names(&r, &e) &&
             load_all(&r, &e) && call_all(&r, &e) && write_all(&r, &e);
    close_run(&r);
    if (ok && (fflush(stdout) != 0 || ferror(stdout)))
        ok = dlc_fail(&e, "cannot write to standard output");
    return ok ? 0 : dlc_error_report(&e, "dlc run");
}
