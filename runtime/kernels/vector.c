/* A vector of VB bytes, and the same at any address.
 *
 * The GNU vector extension where there is one; elsewhere, and with VB = 0, a
 * vector has one element and the same code is plain C.
 */
#if VB == 0
typedef REAL KERNEL_vec;
typedef REAL KERNEL_mem;
#else
#if defined(__GNUC__) && !defined(__TINYC__)
typedef REAL KERNEL_vec __attribute__((vector_size(VB)));
typedef REAL KERNEL_mem
    __attribute__((vector_size(VB), aligned(sizeof(REAL)), may_alias));
#else
typedef REAL KERNEL_vec;
typedef REAL KERNEL_mem;
#endif
#endif
