/* Arena, growable array, string map: knows nothing of networks.
 *
 * One arena serves a whole compilation; nothing is freed before the end. When
 * memory runs out the process prints "dlc: error: out of memory" and exits
 * with 1: output files are only written (and renamed into place) at the very
 * end, so nothing half-written stays behind.
 */
#ifndef DLC_UTIL_H
#define DLC_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *a);
/* Zeroed memory aligned for any type; size 0 gives a unique pointer. */
void *arena_alloc(Arena *a, size_t size);
/* A zero-terminated copy of the first n bytes of s. */
char *arena_strndup(Arena *a, const char *s, size_t n);
char *arena_strdup(Arena *a, const char *s);
char *arena_printf(Arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(Arena *a, const char *fmt, va_list ap);
/* Is `name` one of the names that commas part in `list`? */
bool list_has(const char *list, const char *name);
#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

/* malloc and realloc for what frees its own memory (the generated scanner and
 * parser); they exit like the arena when there is none. */
void *mem_alloc(size_t size);
void *mem_realloc(void *old, size_t size);

/* A growable array: typedef ARRAY_OF(Node *) NodeArray; */
#define ARRAY_OF(T)                                                            \
    struct {                                                                   \
        T *data;                                                               \
        int len, cap;                                                          \
    }
#define array_push(a, arr, item)                                               \
    ((arr)->len == (arr)->cap                                                  \
         ? (void)((arr)->data = array_grow_((a), (arr)->data, &(arr)->cap,     \
                                            sizeof *(arr)->data))              \
         : (void)0,                                                            \
     (arr)->data[(arr)->len++] = (item))
void *array_grow_(Arena *a, void *data, int *cap, size_t item_size);

typedef ARRAY_OF(const char *) StringArray;
typedef ARRAY_OF(int64_t) IntArray;

/* String keys to pointers; iteration is in order of insertion. */
typedef struct Map Map;
Map *map_new(Arena *a);
void *map_get(const Map *m, const char *key); /* NULL when absent */
bool map_has(const Map *m, const char *key);
void map_set(Map *m, const char *key, void *value); /* the key is copied */
int map_len(const Map *m);
const char *map_key(const Map *m, int i);
void *map_value(const Map *m, int i);

/* A growing text. */
typedef struct Text {
    Arena *arena;
    char *data; /* always zero-terminated once anything was added */
    size_t len, cap;
} Text;
void text_add(Text *t, const char *s);
void text_addn(Text *t, const char *s, size_t n);
void text_printf(Text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_vprintf(Text *t, const char *fmt, va_list ap);

/* The shortest decimal that reads back as the same double ("0.1", "1e-05"). */
const char *double_text(Arena *a, double x);
/* strtod with '.' as the point whatever the locale. */
double double_read(const char *s);

/* FNV-1a, 64 bits: the same number on every machine. */
uint64_t hash_bytes(const void *p, size_t n);
uint64_t hash_string(const char *s);

/* Levenshtein distance, for "did you mean". */
int edit_distance(const char *a, const char *b);

/* Whole file as text or bytes; NULL with errno set. *len excludes the zero
 * byte that always follows. */
char *file_read(Arena *a, const char *path, size_t *len);
/* Writes to a temporary name beside path and renames it; false with errno. */
bool file_write(const char *path, const char *data, size_t len);
bool file_exists(const char *path);
/* Would file_write do it, as far as one can tell before? False with errno. */
bool file_is_writable(const char *path);

#endif
