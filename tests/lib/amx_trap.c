/* AMX on machines without it: each tile instruction traps, is decoded by the
 * manual's encodings and carried out here, and the program goes on behind it.
 * amx_trap() prepares; the rest of a program is as on a machine with tiles.
 */
#define _GNU_SOURCE
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

typedef struct Tile {
    int rows, bytes;
    unsigned char data[16][64];
} Tile;
static Tile tiles[8];
static long carried_out;

static uint64_t register_value(const ucontext_t *u, int number)
{
    static const int names[] = {
        REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
        REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    return (uint64_t)u->uc_mcontext.gregs[names[number]];
}

/* The address that modrm, sib and displacement name, *stride the index part;
 * *end is behind them. `more` has the upper bits of index and base. */
static uint64_t address(const ucontext_t *u, const unsigned char *modrm,
                        int more, uint64_t *stride, const unsigned char **end)
{
    int mod = *modrm >> 6, rm = *modrm & 7;
    const unsigned char *p = modrm + 1;
    uint64_t base = 0;
    *stride = 0;
    if (rm == 4) {
        int sib = *p++, index = (sib >> 3 & 7) | (more & 2 ? 8 : 0);
        rm = sib & 7;
        if (index != 4)
            *stride = register_value(u, index) << (sib >> 6);
    } else if (rm == 5 && mod == 0) {
        base = (uint64_t)(uintptr_t)(p + 4);
    }
    if (!(rm == 5 && mod == 0))
        base = register_value(u, rm | (more & 1 ? 8 : 0));
    int32_t far = 0;
    if (mod == 1)
        far = (int8_t)*p++;
    if (mod == 2 || (mod == 0 && rm == 5)) {
        memcpy(&far, p, 4);
        p += 4;
    }
    *end = p;
    return base + (uint64_t)(int64_t)far;
}

static float flushed(float x)
{
    return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x;
}

static float upper(const unsigned char *bytes)
{
    uint32_t word = (uint32_t)(bytes[0] | bytes[1] << 8) << 16;
    float x;
    memcpy(&x, &word, sizeof x);
    return flushed(x);
}

static void dot_products(Tile *c, const Tile *a, const Tile *b)
{
    for (int m = 0; m < c->rows; m++)
        for (int n = 0; n < c->bytes / 4; n++) {
            float sum[2] = {0, 0}, old;
            for (int k = 0; k < a->bytes / 4; k++)
                for (int half = 0; half < 2; half++)
                    sum[half] = flushed(
                        fmaf(upper(a->data[m] + 4 * k + 2 * half),
                             upper(b->data[k] + 4 * n + 2 * half), sum[half]));
            memcpy(&old, c->data[m] + 4 * n, 4);
            old = flushed(flushed(old) + flushed(sum[0] + sum[1]));
            memcpy(c->data[m] + 4 * n, &old, 4);
        }
}

static void configure(const unsigned char *from)
{
    memset(tiles, 0, sizeof tiles);
    for (int t = 0; from && t < 8; t++) {
        tiles[t].bytes = from[16 + 2 * t] | from[17 + 2 * t] << 8;
        tiles[t].rows = from[48 + t];
    }
}

static void move_rows(Tile *t, unsigned char *at, uint64_t stride, int store)
{
    for (int r = 0; r < t->rows; r++) {
        unsigned char *row = at + (uint64_t)r * stride;
        if (store)
            memcpy(row, t->data[r], (size_t)t->bytes);
        else
            memcpy(t->data[r], row, (size_t)t->bytes);
    }
}

/* VEX.128.pp.0F38.W0: 49 /0 and 4B have operands in memory. */
static void carry_out(int number, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    const unsigned char *p =
        (const unsigned char *)u->uc_mcontext.gregs[REG_RIP];
    enum { NONE, P66, PF3, PF2 };
    int more = (~p[1] >> 5) & 7, pp = p[2] & 3, other = (~p[2] >> 3) & 15;
    int modrm = p[4], t = modrm >> 3 & 7;
    (void)info;
    if (p[0] != 0xc4 || (p[1] & 31) != 2 || (p[2] & 0x84) != 0) {
        signal(number, SIG_DFL);
        return;
    }
    const unsigned char *end = p + 5;
    uint64_t stride = 0, at = 0;
    if (modrm >> 6 != 3)
        at = address(u, p + 4, more, &stride, &end);
    unsigned char *memory = (unsigned char *)(uintptr_t)at;
    if (p[3] == 0x49 && pp == NONE)
        configure(memory);
    else if (p[3] == 0x49 && pp == PF2)
        memset(tiles[t].data, 0, sizeof tiles[t].data);
    else if (p[3] == 0x4b && (pp == PF2 || pp == PF3))
        move_rows(&tiles[t], memory, stride, pp == PF3);
    else if (p[3] == 0x5c && pp == PF3)
        dot_products(&tiles[t], &tiles[modrm & 7], &tiles[other]);
    else
        signal(number, SIG_DFL);
    carried_out++;
    u->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)end;
}

void amx_trap(void);
void amx_trap(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = carry_out;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGILL, &action, NULL);
}

long amx_trapped(void);
long amx_trapped(void)
{
    return carried_out;
}
