/* Asks the processor for tiles of bf16 and the system for the right to use
 * them, for all threads of the process; 1 when both agree. Asking again changes
 * nothing. Intel, "Architecture Instruction Set Extensions", chapter 3; Linux,
 * Documentation/arch/x86/xstate.rst.
 */
static int amx_ask(void)
{
#if HAS_AMX
    enum { OSXSAVE = 1 << 27, BF16 = 1 << 22, TILE = 1 << 24 };
    enum { TILE_STATE = 3 << 17, ARCH_PRCTL = 158, REQUEST = 0x1023 };
    const int64_t tile_data = 18;
    uint32_t a = 0, b, c = 0, d;
    int64_t status;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < 7)
        return 0;
    a = 1;
    c = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(c & OSXSAVE))
        return 0;
    a = 7;
    c = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(d & BF16) || !(d & TILE))
        return 0;
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    if ((a & TILE_STATE) != TILE_STATE)
        return 0;
    __asm__ volatile("syscall"
                     : "=a"(status)
                     : "0"((int64_t)ARCH_PRCTL), "D"((int64_t)REQUEST),
                       "S"(tile_data)
                     : "rcx", "r11", "memory");
    return status == 0;
#elif defined(EMULATE_AMX)
    return 1;
#else
    return 0;
#endif
}
