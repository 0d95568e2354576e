/* What a target machine can do.
 *
 * Rates are those of one core of a server of 2023, measured with kernels like
 * ours and scaled with the vector width; the selection of implementations only
 * uses their ratios. Bandwidth beyond L2 does not depend on the width; for
 * x86-64-v3 it is that of a last cache as on Zen 3, which holds what one layer
 * reads, up to its size.
 */
#include "op.h"
#include <string.h>

static const Target generic = {
    .name = "generic",
    .vector_bytes = 16,
    .vector_registers = 16,
    .gflops = 50,
    .l1_bytes = 32 * 1024.0,
    .l2_bytes = 512 * 1024.0,
    .l2_gbs = 60,
    .memory_gbs = 20,
    .call_ns = 5,
};

static const Target x86_64_v3 = {
    .name = "x86-64-v3",
    .march = "x86-64-v3",
    .vector_bytes = 32,
    .vector_registers = 16,
    .fused = true,
    .gflops = 108,
    .l1_bytes = 32 * 1024.0,
    .l2_bytes = 512 * 1024.0,
    .l2_gbs = 100,
    .memory_gbs = 36,
    .l3_bytes = 32 * 1024 * 1024.0,
    .dram_gbs = 21,
    .call_ns = 5,
};

static const Target x86_64_v4 = {
    .name = "x86-64-v4",
    .march = "x86-64-v4",
    .vector_bytes = 64,
    .vector_registers = 32,
    .fused = true,
    .gflops = 203,
    .l1_bytes = 48 * 1024.0,
    .l2_bytes = 2048 * 1024.0,
    .l2_gbs = 125,
    .memory_gbs = 29,
    .call_ns = 5,
};

/* The same with tiles: 3.5 TFLOP/s of bf16 in registers; with their loads 2.4,
 * and 2.9 where half of the numbers are 0. Six products leave 450 GFLOP/s,
 * three 900. Never native: a program has to ask for tiles.
 */
static const Target x86_64_amx = {
    .name = "x86-64-amx",
    .march = "x86-64-v4",
    .vector_bytes = 64,
    .vector_registers = 32,
    .fused = true,
    .gflops = 203,
    .tile_gflops = 2700,
    .l1_bytes = 48 * 1024.0,
    .l2_bytes = 2048 * 1024.0,
    .l2_gbs = 125,
    .memory_gbs = 29,
    .call_ns = 5,
};

const Target *const target_table[] = {&generic, &x86_64_v3, &x86_64_v4,
                                      &x86_64_amx};
const int target_count = sizeof target_table / sizeof *target_table;

const char *const math_names[] = {"f32", "bf16x3", NULL};

Math math_find(const char *name, bool *found)
{
    int i = 0;
    while (math_names[i] && strcmp(math_names[i], name) != 0)
        i++;
    *found = math_names[i] != NULL;
    return *found ? (Math)i : MATH_F32;
}

const Target *target_find(const char *name)
{
    for (int i = 0; i < target_count; i++)
        if (strcmp(target_table[i]->name, name) == 0)
            return target_table[i];
    return NULL;
}

const Target *target_native(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
        return &x86_64_v4;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &x86_64_v3;
#endif
    return &generic;
}
