/* dataset: the samples that `fit` names, one array for each input. */
#include "driver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where Debian's packages dataset-* put their files. */
#define DATA_DIR "/usr/share/datasets"

static const char *const fashion_classes[] = {
    "T-shirt/top", "trouser", "pullover", "dress", "coat",
    "sandal",      "shirt",   "sneaker",  "bag",   "ankle boot"};

typedef struct Known {
    const char *name;
    const char *package;
    const char *train[2], *test[2]; /* images, labels */
    const char *const *classes;
    int class_count;
} Known;

static const Known knowns[] = {
    {"fashion-mnist",
     "dataset-fashion-mnist",
     {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"},
     {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"},
     fashion_classes,
     10},
};

#define KNOWN_COUNT (sizeof knowns / sizeof knowns[0])

static const Known *find_known(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(knowns[i].name, name) == 0)
            return &knowns[i];
    return NULL;
}

const char *const *dlc_known_classes(const char *known, int *count)
{
    const Known *k = known ? find_known(known) : NULL;
    if (!k)
        return NULL;
    *count = k->class_count;
    return k->classes;
}

static int find_input(const DlcModel *m, const char *name)
{
    for (int i = 0; i < m->input_count; i++)
        if (strcmp(m->inputs[i].name, name) == 0)
            return i;
    return -1;
}

/* The first input that is real (or that is not). */
static int first_input(const DlcModel *m, bool real)
{
    for (int i = 0; i < m->input_count; i++) {
        DlcElem elem = m->inputs[i].elem;
        if ((elem == DLC_F32 || elem == DLC_F64) == real &&
            (real || elem == DLC_I32))
            return i;
    }
    return -1;
}

/* Checks an array as data of input i, and the number of samples so far. */
static bool accept(DlcSet *s, int i, DlcError *e)
{
    const DlcTensor *t = &s->model->inputs[i];
    const DlcArray *a = &s->arrays[i];
    bool sampled = dlc_input_is_sampled(s->model, t);
    int64_t row = dlc_tensor_count(t, 1, sampled ? 1 : 0);
    if (!dlc_array_match(a, t, sampled, e) || !dlc_array_check(a, t, row, e))
        return false;
    if (!sampled)
        return true;
    if (s->count >= 0 && s->count != a->dims[0])
        return dlc_fail(e,
                        "%" PRId64 " samples, but the input before has "
                        "%" PRId64,
                        a->dims[0], s->count);
    s->count = a->dims[0];
    return true;
}

static bool add(DlcSet *s, int i, const char *path, DlcError *e)
{
    if (s->given[i])
        return dlc_fail(e, "two sources of data for input '%s'",
                        s->model->inputs[i].name);
    if (!dlc_array_load(&s->arrays[i], path, e))
        return false;
    s->given[i] = true;
    return accept(s, i, e) || dlc_fail_in(e, path);
}

static bool exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

/* Looks in DLC_DATA_DIR/NAME, DLC_DATA_DIR or the package's folder, with and
 * without .gz. */
static bool find_file(const Known *k, const char *file, char *path, size_t size,
                      DlcError *e)
{
    const char *own = getenv("DLC_DATA_DIR");
    int plain = (int)strlen(file) - 3;
    for (int i = 0; i < 4; i++) {
        const char *folder = own && own[0] ? own : DATA_DIR;
        const char *name = i & 2 ? "" : k->name;
        int length = i & 1 ? plain : (int)strlen(file);
        int used = snprintf(path, size, "%s/%s%s%.*s", folder, name,
                            name[0] ? "/" : "", length, file);
        if (used > 0 && (size_t)used < size && exists(path))
            return true;
    }
    dlc_fail(e, "data set '%s': no file '%s'", k->name, file);
    return dlc_hint(e,
                    "install Debian's package %s, or set DLC_DATA_DIR to the "
                    "folder with the file",
                    k->package);
}

static bool add_known(DlcSet *s, const char *name, bool test, DlcError *e)
{
    const Known *k = find_known(name);
    if (!k) {
        dlc_fail(e, "unknown data set '%s'", name);
        return dlc_hint(e, "known: fashion-mnist; files are given by input: "
                           "data x = \"FILE.npy\"");
    }
    s->known = k->name;
    for (int part = 0; part < 2; part++) {
        char path[4096];
        int i = first_input(s->model, part == 0);
        if (i < 0)
            continue;
        if (!find_file(k, (test ? k->test : k->train)[part], path, sizeof path,
                       e) ||
            !add(s, i, path, e))
            return false;
    }
    return true;
}

static bool add_source(DlcSet *s, const DlcData *d, bool test, DlcError *e)
{
    if (!d->input)
        return add_known(s, d->path, test, e);
    int i = find_input(s->model, d->input);
    if (i < 0)
        return dlc_fail(e, "%s: no input is called '%s'", d->path, d->input);
    return add(s, i, d->path, e);
}

bool dlc_set_open(DlcSet *s, const DlcModel *m, const DlcData *list, bool test,
                  int64_t limit, DlcError *e)
{
    *s = (DlcSet){.model = m, .count = -1};
    s->arrays = dlc_alloc((size_t)m->input_count, sizeof *s->arrays, e);
    if (!s->arrays)
        return false;
    s->given = dlc_alloc((size_t)m->input_count, sizeof *s->given, e);
    if (!s->given)
        return false;
    for (; list && list->path; list++)
        if (!add_source(s, list, test, e))
            return false;
    if (s->count < 0)
        s->count = m->batch; /* a model without data by sample */
    if (limit > 0 && limit < s->count)
        s->count = limit;
    return true;
}

void dlc_set_close(DlcSet *s)
{
    if (!s->model)
        return;
    for (int i = 0; s->arrays && !s->borrowed && i < s->model->input_count; i++)
        dlc_array_free(&s->arrays[i]);
    if (!s->borrowed) {
        free(s->arrays);
        free(s->given);
    }
    *s = (DlcSet){0};
}

bool dlc_set_split(DlcSet *s, DlcSet *last, double share, DlcError *e)
{
    int64_t moved = (int64_t)((double)s->count * share + 0.5);
    if (moved < 1)
        moved = 1;
    if (moved >= s->count)
        return dlc_fail(e,
                        "%" PRId64 " samples are too few to keep a share of "
                        "%g for validation",
                        s->count, share);
    *last = *s;
    last->borrowed = true;
    s->count -= moved;
    last->first = s->first + s->count;
    last->count = moved;
    return true;
}

bool dlc_set_feeds(const DlcSet *s, int entry, const char *role, DlcError *e)
{
    const DlcEntry *f = &s->model->entries[entry];
    for (int i = 0; i < f->input_count; i++) {
        const char *name = s->model->inputs[f->inputs[i]].name;
        if (s->given[f->inputs[i]])
            continue;
        dlc_fail(e, "no %s data for input '%s', which '%s' needs", role, name,
                 f->name);
        return dlc_hint(e, "in the fit block: data %s = \"FILE.npy\"", name);
    }
    if (dlc_set_batches(s) == 0)
        return dlc_fail(e,
                        "%" PRId64 " %s samples are less than the fixed batch "
                        "of %" PRId64,
                        s->count, role, s->model->batch);
    return true;
}

void dlc_set_batch(const DlcSet *s, DlcSession *to, const int64_t *rows,
                   int64_t first, int n)
{
    for (int i = 0; i < s->model->input_count; i++) {
        const DlcTensor *t = &s->model->inputs[i];
        const DlcArray *a = &s->arrays[i];
        if (!s->given[i])
            continue;
        if (!dlc_input_is_sampled(s->model, t)) {
            dlc_array_read(a, 0, a->count, t->elem, to->in[i]);
            continue;
        }
        int64_t row = dlc_tensor_count(t, 1, 1);
        size_t bytes = (size_t)row * dlc_elem_size(t->elem);
        for (int k = 0; k < n; k++) {
            int64_t at = s->first + (rows ? rows[k] : first + k);
            dlc_array_read(a, at * row, row, t->elem,
                           (char *)to->in[i] + (size_t)k * bytes);
        }
    }
}

int64_t dlc_set_batches(const DlcSet *s)
{
    int64_t batch = s->model->batch;
    int64_t partial = s->model->max_n > 0 ? batch - 1 : 0;
    return (s->count + partial) / batch;
}

int dlc_set_batch_size(const DlcSet *s, int64_t k)
{
    int64_t batch = s->model->batch, left = s->count - k * batch;
    return (int)(left < batch ? left : batch);
}
