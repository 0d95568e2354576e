/* fit: the program that trains a model as its `fit` block says.
 *
 * Each epoch shuffles the training samples (a permutation that depends on
 * the seed and the epoch alone), calls every step once a batch, and measures
 * the held-out samples. With `stop`, the parameters of the best epoch are
 * kept and training ends after `patience` epochs without a better one;
 * without it the last parameters stand.
 */
#include "driver.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINE 512 /* bytes of a line of values */

typedef struct Options {
    uint64_t epochs, seed, limit, show;
    const char *save, *load;
    bool quiet;
} Options;

typedef struct Fit {
    const DlcModel *model;
    const DlcFit *fit;
    Options options;
    DlcSession session;
    DlcSet train, valid, test;
    bool has_valid, has_test;
    int eval;       /* entry, or -1 */
    int stop_value; /* of eval's values, or -1 */
    int64_t *order; /* of the training samples */
    double *sums;   /* of the steps' losses, then of eval's values */
    void *best;     /* parameters */
    int best_epoch;
    double best_value;
    DlcProgress progress;
} Fit;

static const char help[] =
    "usage: dlc fit MODEL.dl [options]\n"
    "  --epochs=K              instead of the fit block's number\n"
    "  --seed=S                of first values, order, dropout and noise\n"
    "  --save=F                write the best parameters, safetensors\n"
    "  --load=F                begin with these parameters\n"
    "  --limit=K               only the first K samples of each data set\n"
    "  --show=K                pictures of the test set with their classes\n"
    "  --quiet                 no progress line\n";

static bool parse_options(Options *o, const DlcFit *f, int argc, char **argv,
                          DlcError *e)
{
    *o = (Options){.epochs = (uint64_t)f->epochs};
    DlcArgs a = {argc, argv, 1, e};
    while (a.at < argc && !e->usage) {
        const char *text;
        if (dlc_args_number(&a, "--epochs", 0, INT32_MAX, &o->epochs) ||
            dlc_args_number(&a, "--seed", 0, UINT64_MAX, &o->seed) ||
            dlc_args_number(&a, "--limit", 1, INT64_MAX, &o->limit) ||
            dlc_args_number(&a, "--show", 0, INT64_MAX, &o->show))
            continue;
        if ((text = dlc_args_value(&a, "--save")))
            o->save = text;
        else if ((text = dlc_args_value(&a, "--load")))
            o->load = text;
        else if (dlc_args_flag(&a, "--quiet"))
            o->quiet = true;
        else
            dlc_usage(e, "unknown option '%s'", argv[a.at]);
    }
    if (e->usage)
        dlc_hint(e, "options: --epochs=K --seed=S --save=F --load=F "
                    "--limit=K --show=K --quiet");
    return !e->usage;
}

static bool is_known_only(const DlcData *list)
{
    return list && list->path && !list->input;
}

static bool open_sets(Fit *f, DlcError *e)
{
    const DlcModel *m = f->model;
    int64_t limit = (int64_t)f->options.limit;
    const DlcData *test = f->fit->test;
    if (!test && is_known_only(f->fit->train))
        test = f->fit->train;
    if (!dlc_set_open(&f->train, m, f->fit->train, false, limit, e))
        return false;
    if (f->fit->valid) {
        f->has_valid = true;
        if (!dlc_set_open(&f->valid, m, f->fit->valid, true, limit, e))
            return false;
    } else if (f->fit->valid_share > 0) {
        f->has_valid = true;
        if (!dlc_set_split(&f->train, &f->valid, f->fit->valid_share, e))
            return false;
    }
    f->has_test = test != NULL;
    return !test || dlc_set_open(&f->test, m, test, true, limit, e);
}

static bool check_sets(const Fit *f, DlcError *e)
{
    for (const int *run = f->fit->runs; *run >= 0; run++)
        if (!dlc_set_feeds(&f->train, *run, "training", e))
            return false;
    if (f->eval < 0)
        return true;
    if (f->has_valid && !dlc_set_feeds(&f->valid, f->eval, "validation", e))
        return false;
    return !f->has_test || dlc_set_feeds(&f->test, f->eval, "test", e);
}

static bool find_stop(Fit *f, DlcError *e)
{
    f->stop_value = -1;
    const char *wanted = f->fit->stop_metric;
    if (!wanted)
        return true;
    if (f->eval < 0 || !f->has_valid) {
        dlc_fail(e, "'stop' needs held-out data to measure '%s' on", wanted);
        return dlc_hint(e, "in the fit block: data ..., valid = 0.1;");
    }
    const DlcEntry *eval = &f->model->entries[f->eval];
    for (int i = 0; i < eval->value_count; i++)
        if (strcmp(eval->value_names[i], wanted) == 0)
            f->stop_value = i;
    if (f->stop_value < 0)
        return dlc_fail(e, "'stop': no loss or metric is called '%s'", wanted);
    f->best = dlc_alloc(f->model->params_bytes, 1, e);
    return f->best != NULL;
}

/* With fixed sizes an incomplete batch cannot be used; say so. */
static void note_left_out(const Fit *f, const DlcSet *set, const char *role)
{
    int64_t used = dlc_set_batches(set) * f->model->batch;
    if (used < set->count && !f->options.quiet)
        fprintf(stderr,
                "dlc fit: note: %" PRId64 " of %" PRId64 " %s samples do not "
                "fill a batch of %" PRId64 " and are left out\n",
                set->count - used, set->count, role, f->model->batch);
}

static int step_values(const Fit *f)
{
    int count = 0;
    for (const int *run = f->fit->runs; *run >= 0; run++)
        count += f->model->entries[*run].value_count;
    return count;
}

static bool open_fit(Fit *f, DlcError *e)
{
    const DlcModel *m = f->model;
    f->eval = dlc_entry_of_kind(m, DLC_EVAL);
    if (f->options.save && !dlc_output_check(f->options.save, e))
        return false;
    if (!open_sets(f, e) || !find_stop(f, e) || !check_sets(f, e) ||
        !dlc_session_open(&f->session, m, f->options.seed, e))
        return false;
    if (f->options.load &&
        !dlc_store_load(f->options.load, m->params, m->param_count,
                        f->session.params, e))
        return false;
    f->order = dlc_alloc((size_t)f->train.count, sizeof *f->order, e);
    if (!f->order)
        return false;
    int eval = f->eval < 0 ? 0 : m->entries[f->eval].value_count;
    f->sums = dlc_alloc((size_t)(step_values(f) + eval), sizeof *f->sums, e);
    return f->sums != NULL;
}

static void close_fit(Fit *f)
{
    dlc_session_close(&f->session);
    dlc_set_close(&f->valid); /* before train, whose arrays it may share */
    dlc_set_close(&f->train);
    dlc_set_close(&f->test);
    free(f->order);
    free(f->sums);
    free(f->best);
}

/* splitmix64 (Steele, Lea, Flood 2014): small, and good enough to shuffle. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void shuffle(Fit *f, uint64_t epoch)
{
    uint64_t state = f->options.seed;
    state = next_random(&state) + epoch;
    for (int64_t i = 0; i < f->train.count; i++)
        f->order[i] = i;
    if (!f->fit->shuffle)
        return;
    for (int64_t i = f->train.count - 1; i > 0; i--) {
        /* The bias of the remainder is below count / 2^64. */
        int64_t k = (int64_t)(next_random(&state) % (uint64_t)(i + 1));
        int64_t kept = f->order[i];
        f->order[i] = f->order[k];
        f->order[k] = kept;
    }
}

static bool check_finite(const DlcEntry *step, const double *values,
                         uint64_t epoch, int64_t batch, DlcError *e)
{
    for (int i = 0; i < step->value_count; i++) {
        if (isfinite(values[i]))
            continue;
        dlc_fail(e, "the loss %s is %s in epoch %" PRIu64 ", batch %" PRId64,
                 step->value_names[i], isnan(values[i]) ? "nan" : "infinite",
                 epoch + 1, batch + 1);
        return dlc_hint(e, "a smaller learning rate may help, or `clip`; look "
                           "for nan in the data");
    }
    return true;
}

/* One batch through every step; adds the losses to the sums. */
static bool run_batch(Fit *f, uint64_t epoch, int64_t batch, int n, DlcError *e)
{
    double *sum = f->sums;
    dlc_set_batch(&f->train, &f->session, f->order + batch * f->model->batch, 0,
                  n);
    for (const int *run = f->fit->runs; *run >= 0; run++) {
        const DlcEntry *step = &f->model->entries[*run];
        if (!dlc_session_call(&f->session, *run, n, e)) {
            char where[80];
            snprintf(where, sizeof where, "epoch %" PRIu64 ", batch %" PRId64,
                     epoch + 1, batch + 1);
            return dlc_fail_in(e, where);
        }
        if (!check_finite(step, f->session.values, epoch, batch, e))
            return false;
        for (int i = 0; i < step->value_count; i++)
            *sum++ += n * f->session.values[i];
    }
    return true;
}

/* "  J 0.1234  K 0.5": the mean losses of the epoch so far. */
static void losses_text(const Fit *f, int64_t seen, char text[LINE])
{
    const double *sum = f->sums;
    text[0] = 0;
    for (const int *run = f->fit->runs; *run >= 0; run++) {
        const DlcEntry *step = &f->model->entries[*run];
        for (int i = 0; i < step->value_count; i++)
            dlc_value_text(text, LINE, step->value_names[i],
                           *sum++ / (double)seen);
    }
}

static bool run_epoch(Fit *f, uint64_t epoch, char text[LINE], DlcError *e)
{
    int64_t batches = dlc_set_batches(&f->train), seen = 0;
    int values = step_values(f);
    for (int i = 0; i < values; i++)
        f->sums[i] = 0;
    shuffle(f, epoch);
    dlc_session_restart(&f->session);
    for (int64_t b = 0; b < batches; b++) {
        int n = dlc_set_batch_size(&f->train, b);
        if (!run_batch(f, epoch, b, n, e))
            return false;
        seen += n;
        if (!f->progress.live)
            continue;
        char line[LINE + 40], losses[LINE];
        losses_text(f, seen, losses);
        snprintf(line, sizeof line, "epoch %" PRIu64 "/%" PRIu64 "%s",
                 epoch + 1, f->options.epochs, losses);
        dlc_progress_show(&f->progress,
                          (double)epoch + (double)(b + 1) / (double)batches,
                          (double)f->options.epochs, line);
    }
    losses_text(f, seen, text);
    return true;
}

/* Means of eval's values over a set, each batch weighted by its samples. */
static bool measure(Fit *f, const DlcSet *set, double *means, DlcError *e)
{
    const DlcEntry *eval = &f->model->entries[f->eval];
    int64_t seen = 0;
    for (int i = 0; i < eval->value_count; i++)
        means[i] = 0;
    if (!dlc_session_pack(&f->session, e))
        return false;
    dlc_session_restart(&f->session);
    for (int64_t b = 0; b < dlc_set_batches(set); b++) {
        int n = dlc_set_batch_size(set, b);
        dlc_set_batch(set, &f->session, NULL, b * f->model->batch, n);
        if (!dlc_session_call(&f->session, f->eval, n, e))
            return false;
        seen += n;
        for (int i = 0; i < eval->value_count; i++)
            means[i] += n * f->session.values[i];
    }
    for (int i = 0; i < eval->value_count; i++)
        means[i] /= (double)seen;
    return true;
}

static void values_text(const Fit *f, const double *means, char text[LINE])
{
    const DlcEntry *eval = &f->model->entries[f->eval];
    text[0] = 0;
    for (int i = 0; i < eval->value_count; i++)
        dlc_value_text(text, LINE, eval->value_names[i], means[i]);
}

/* Keeps the parameters if they are the best so far; true to go on. */
static bool keep_best(Fit *f, uint64_t epoch, const double *means)
{
    if (f->stop_value < 0)
        return true;
    double value = means[f->stop_value] * f->fit->stop_sign;
    if (f->best_epoch == 0 || value < f->best_value ||
        (isnan(f->best_value) && !isnan(value))) {
        f->best_value = value;
        f->best_epoch = (int)epoch + 1;
        memcpy(f->best, f->session.params, f->model->params_bytes);
    }
    int patience = f->fit->stop_patience > 0 ? f->fit->stop_patience : 1;
    return (int)epoch + 1 - f->best_epoch < patience;
}

static void print_epoch(Fit *f, uint64_t epoch, double began,
                        const char *losses, const char *values)
{
    char took[32], left[32];
    double now = dlc_clock(), done = (double)(epoch + 1);
    double total = (double)f->options.epochs;
    if (f->options.quiet)
        return;
    dlc_progress_clear(&f->progress);
    dlc_time_text(took, now - began);
    dlc_time_text(left, (now - f->progress.start) * (total - done) / done);
    printf("epoch %" PRIu64 "/%" PRIu64 "%s%s%s  (%s, %s left)\n", epoch + 1,
           f->options.epochs, losses, values[0] ? "  valid:" : "",
           values + (values[0] ? 1 : 0), took, left);
    fflush(stdout);
}

static void print_stop(const Fit *f, uint64_t epochs)
{
    if (f->best_epoch == 0 || f->options.quiet)
        return;
    if (epochs < f->options.epochs)
        printf("stopped: no better %s in %d epochs\n", f->fit->stop_metric,
               f->fit->stop_patience);
    char text[LINE] = "";
    dlc_value_text(text, LINE, f->fit->stop_metric,
                   f->best_value * f->fit->stop_sign);
    printf("best: epoch %d%s\n", f->best_epoch, text);
}

static bool train(Fit *f, DlcError *e)
{
    double *means = f->sums + step_values(f);
    bool more = true;
    uint64_t epoch = 0;
    for (; more && epoch < f->options.epochs; epoch++) {
        double began = dlc_clock();
        char losses[LINE], values[LINE] = "";
        if (!run_epoch(f, epoch, losses, e))
            return false;
        if (f->has_valid && f->eval >= 0) {
            if (!measure(f, &f->valid, means, e))
                return false;
            values_text(f, means, values);
            more = keep_best(f, epoch, means);
        }
        print_epoch(f, epoch, began, losses, values);
    }
    print_stop(f, epoch);
    if (f->best_epoch > 0)
        memcpy(f->session.params, f->best, f->model->params_bytes);
    return true;
}

static bool finish(Fit *f, DlcError *e)
{
    const DlcModel *m = f->model;
    if (f->options.save &&
        !dlc_store_save(f->options.save, m->params, m->param_count,
                        f->session.params, e))
        return false;
    if (f->has_test && f->eval >= 0) {
        char text[LINE];
        double *means = f->sums + step_values(f);
        if (!measure(f, &f->test, means, e))
            return false;
        values_text(f, means, text);
        printf("test:%s\n", text + (text[0] ? 1 : 0));
    }
    const DlcSet *shown = f->has_test    ? &f->test
                          : f->has_valid ? &f->valid
                                         : &f->train;
    if (f->options.show == 0)
        return true;
    putchar('\n');
    return dlc_show(&f->session, shown, (int64_t)f->options.show, e);
}

int dlc_fit_main(const DlcModel *m, const DlcFit *fit, int argc, char **argv)
{
    DlcError e = {0};
    Fit f = {.model = m, .fit = fit};
    if (dlc_args_help(argc, argv, help))
        return 0;
    bool ok =
        parse_options(&f.options, fit, argc, argv, &e) && open_fit(&f, &e);
    if (ok) {
        note_left_out(&f, &f.train, "training");
        if (f.has_valid)
            note_left_out(&f, &f.valid, "validation");
        if (f.has_test)
            note_left_out(&f, &f.test, "test");
        dlc_progress_start(&f.progress, f.options.quiet);
        ok = train(&f, &e);
        if (!ok)
            dlc_progress_clear(&f.progress);
    }
    ok = ok && finish(&f, &e);
    close_fit(&f);
    if (!ok)
        return dlc_error_report(&e, "dlc fit");
    if (fflush(stdout) != 0 || ferror(stdout)) {
        dlc_fail(&e, "cannot write to standard output");
        return dlc_error_report(&e, "dlc fit");
    }
    return 0;
}
