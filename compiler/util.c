/* Arena, growable array, string map, text, files.
 *
 * The arena is a list of zeroed chunks; small requests are cut from the newest
 * one. Under AddressSanitizer every request is a chunk of its own, so that an
 * overrun is caught where it happens and not only at the end of a chunk.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define CHUNK_BYTES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHUNK_BYTES 0
#endif
#endif
#ifndef CHUNK_BYTES
#define CHUNK_BYTES 65536
#endif

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    size_t used, size;
    max_align_t data[];
};

struct Arena {
    Chunk *chunks;
};

static void out_of_memory(void)
{
    fputs("dlc: error: out of memory\n", stderr);
    exit(1);
}

void *mem_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *mem_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

Arena *arena_new(void)
{
    Arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory();
    return a;
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    for (Chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

static Chunk *chunk_new(size_t size)
{
    if (size > PTRDIFF_MAX - sizeof(Chunk))
        out_of_memory();
    Chunk *c = calloc(1, sizeof *c + size);
    if (!c)
        out_of_memory();
    c->size = size;
    return c;
}

void *arena_alloc(Arena *a, size_t size)
{
    const size_t align = sizeof(max_align_t);
    if (size > PTRDIFF_MAX - align)
        out_of_memory();
    size = size ? (size + align - 1) / align * align : align;
    Chunk *c = a->chunks;
    if (!c || c->size - c->used < size) {
        bool large = size > CHUNK_BYTES / 4;
        c = chunk_new(large ? size : CHUNK_BYTES);
        if (large && a->chunks) {
            /* The newest chunk still has room for small requests. */
            c->next = a->chunks->next;
            a->chunks->next = c;
        } else {
            c->next = a->chunks;
            a->chunks = c;
        }
    }
    void *p = (char *)c->data + c->used;
    c->used += size;
    return p;
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, s, n);
    return copy;
}

char *arena_strdup(Arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

bool list_has(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, name, n) == 0 && (p[n] == ',' || p[n] == 0))
            return true;
    }
    return false;
}

char *arena_vprintf(Arena *a, const char *fmt, va_list ap)
{
    Text t = {.arena = a};
    text_vprintf(&t, fmt, ap);
    return t.data;
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

void *array_grow_(Arena *a, void *data, int *cap, size_t item_size)
{
    if (*cap > INT_MAX / 2)
        out_of_memory();
    int bigger = *cap ? *cap * 2 : 4;
    void *copy = arena_alloc(a, (size_t)bigger * item_size);
    if (*cap)
        memcpy(copy, data, (size_t)*cap * item_size);
    *cap = bigger;
    return copy;
}

/* Open addressing over an array in order of insertion. */
typedef struct Entry {
    const char *key;
    void *value;
    uint64_t hash;
} Entry;

struct Map {
    Arena *arena;
    ARRAY_OF(Entry) entries;
    int *slots; /* index + 1 into entries, 0 when free */
    uint64_t mask;
};

Map *map_new(Arena *a)
{
    Map *m = ARENA_NEW(a, Map);
    m->arena = a;
    return m;
}

static int *find_slot(const Map *m, const char *key, uint64_t hash)
{
    for (uint64_t i = hash & m->mask;; i = (i + 1) & m->mask) {
        int *slot = &m->slots[i];
        if (!*slot)
            return slot;
        const Entry *e = &m->entries.data[*slot - 1];
        if (e->hash == hash && !strcmp(e->key, key))
            return slot;
    }
}

static void rehash(Map *m)
{
    uint64_t size = m->slots ? (m->mask + 1) * 2 : 16;
    m->slots = ARENA_ARRAY(m->arena, int, size);
    m->mask = size - 1;
    for (int i = 0; i < m->entries.len; i++) {
        const Entry *e = &m->entries.data[i];
        *find_slot(m, e->key, e->hash) = i + 1;
    }
}

static Entry *find(const Map *m, const char *key)
{
    if (!m->slots)
        return NULL;
    int slot = *find_slot(m, key, hash_string(key));
    return slot ? &m->entries.data[slot - 1] : NULL;
}

void *map_get(const Map *m, const char *key)
{
    const Entry *e = find(m, key);
    return e ? e->value : NULL;
}

bool map_has(const Map *m, const char *key)
{
    return find(m, key) != NULL;
}

void map_set(Map *m, const char *key, void *value)
{
    Entry *e = find(m, key);
    if (e) {
        e->value = value;
        return;
    }
    if (!m->slots || (uint64_t)m->entries.len * 2 > m->mask)
        rehash(m);
    Entry fresh = {arena_strdup(m->arena, key), value, hash_string(key)};
    array_push(m->arena, &m->entries, fresh);
    *find_slot(m, fresh.key, fresh.hash) = m->entries.len;
}

int map_len(const Map *m)
{
    return m->entries.len;
}

const char *map_key(const Map *m, int i)
{
    return m->entries.data[i].key;
}

void *map_value(const Map *m, int i)
{
    return m->entries.data[i].value;
}

/* Room for n more bytes and the final zero. */
static void reserve(Text *t, size_t n)
{
    if (n >= PTRDIFF_MAX / 2 - t->len)
        out_of_memory();
    size_t need = t->len + n + 1;
    if (need <= t->cap)
        return;
    size_t cap = t->cap * 2 > need ? t->cap * 2 : need + 31;
    char *data = arena_alloc(t->arena, cap);
    if (t->len)
        memcpy(data, t->data, t->len);
    t->data = data;
    t->cap = cap;
}

void text_addn(Text *t, const char *s, size_t n)
{
    reserve(t, n);
    if (n)
        memcpy(t->data + t->len, s, n);
    t->len += n;
    t->data[t->len] = 0;
}

void text_add(Text *t, const char *s)
{
    text_addn(t, s, strlen(s));
}

void text_vprintf(Text *t, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    reserve(t, 31); /* mostly enough, so that once is */
    size_t room = t->cap - t->len;
    int n = vsnprintf(t->data + t->len, room, fmt, ap);
    if (n < 0)
        out_of_memory();
    if ((size_t)n >= room) {
        reserve(t, (size_t)n);
        vsnprintf(t->data + t->len, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    t->len += (size_t)n;
}

void text_printf(Text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_vprintf(t, fmt, ap);
    va_end(ap);
}

const char *double_text(Arena *a, double x)
{
    char s[64];
    /* "100", not "1e+02". */
    if (x > -1e15 && x < 1e15 && x == (double)(int64_t)x && x != 0)
        return arena_printf(a, "%" PRId64, (int64_t)x);
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(s, sizeof s, "%.*g", digits, x);
        if (strtod(s, NULL) == x)
            break;
    }
    /* What is none of these is the decimal point of the locale. */
    size_t at = strspn(s, "+-0123456789einfa");
    size_t rest = at + strcspn(s + at, "0123456789");
    if (!s[at])
        return arena_strdup(a, s);
    return arena_printf(a, "%.*s.%s", (int)at, s, s + rest);
}

double double_read(const char *s)
{
    const char *point = strchr(s, '.');
    const char *wanted = localeconv()->decimal_point;
    if (!point || !strcmp(wanted, "."))
        return strtod(s, NULL);
    Arena *a = arena_new();
    double x = strtod(
        arena_printf(a, "%.*s%s%s", (int)(point - s), s, wanted, point + 1),
        NULL);
    arena_free(a);
    return x;
}

uint64_t hash_bytes(const void *p, size_t n)
{
    const unsigned char *bytes = p;
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * UINT64_C(1099511628211);
    return h;
}

uint64_t hash_string(const char *s)
{
    return hash_bytes(s, strlen(s));
}

int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 100 };
    int row[LONGEST + 1];
    size_t la = strlen(a), lb = strlen(b);
    /* Nobody mistypes a name that long: it counts as wholly different. */
    if (la > LONGEST || lb > LONGEST)
        return !strcmp(a, b) ? 0 : INT_MAX;
    for (int j = 0; j <= (int)lb; j++)
        row[j] = j;
    for (int i = 1; i <= (int)la; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= (int)lb; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[lb];
}

char *file_read(Arena *a, const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    Text t = {.arena = a};
    text_add(&t, "");
    size_t got;
    do {
        /* Read in place and as much as there is room for: a file is copied
         * at most once more than its size on the way. */
        reserve(&t, t.len + 4096);
        got = fread(t.data + t.len, 1, t.cap - t.len - 1, f);
        t.len += got;
    } while (got);
    int error = ferror(f) ? errno : 0;
    fclose(f);
    t.data[t.len] = 0;
    *len = t.len;
    errno = error;
    return error ? NULL : t.data;
}

static bool write_all(FILE *f, const char *data, size_t len)
{
    bool ok = fwrite(data, 1, len, f) == len;
    int error = errno;
    if (fclose(f) && ok) {
        ok = false;
        error = errno;
    }
    errno = error;
    return ok;
}

bool file_write(const char *path, const char *data, size_t len)
{
    struct stat st;
    if (!lstat(path, &st) && !S_ISREG(st.st_mode)) {
        /* A device, a pipe or a link must stay what it is. */
        FILE *f = fopen(path, "wb");
        return f && write_all(f, data, len);
    }
    char *name = mem_alloc(strlen(path) + 32);
    int fd = -1;
    for (int i = 0; i < 100 && fd < 0; i++) {
        sprintf(name, "%s.%ld.%d", path, (long)getpid(), i);
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    bool ok = f && write_all(f, data, len) && !rename(name, path);
    int error = errno;
    if (fd >= 0 && !ok)
        unlink(name);
    if (fd >= 0 && !f)
        close(fd);
    free(name);
    errno = error;
    return ok;
}

bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool file_is_writable(const char *path)
{
    struct stat st;
    const char *slash = strrchr(path, '/');
    if (!stat(path, &st)) {
        errno = EISDIR;
        return !S_ISDIR(st.st_mode) && !access(path, W_OK);
    }
    if (!slash)
        return !access(".", W_OK);
    char *folder = mem_alloc((size_t)(slash - path) + 2);
    memcpy(folder, path, (size_t)(slash - path) + 1);
    folder[slash - path + 1] = 0;
    bool ok = !access(folder, W_OK);
    int error = errno;
    free(folder);
    errno = error;
    return ok;
}
