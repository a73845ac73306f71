// The start of a static program with glibc, without asking the processor what it is: glibc executes CPUID 43 times for that here,
// and a virtual machine traps each (7 µs). Functions that have variants for processors get the one for all of x86-64.
// Only for the glibc whose steps these are; with another, its own start is linked. So it is on arm64, where glibc takes what the
// processor can from the kernel's words to the program and one register.
#define _GNU_SOURCE
#include <elf.h>
#include <features.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// Where the program lies; glibc asks for dlopen's $ORIGIN, which a static program has no use for. -1: not known.
char *__wrap__dl_get_origin(void)
{
    return (char *)-1;
}

#if defined(__x86_64__) && __GLIBC__ == 2 && __GLIBC_MINOR__ == 36

typedef void initializer(int, char **, char **);

extern char **__environ;
extern void *__libc_stack_end;
extern uint64_t *_dl_random;
extern int __libc_enable_secure;
extern const Elf64_Rela __rela_iplt_start[], __rela_iplt_end[];
extern initializer *__preinit_array_start[], *__preinit_array_end[], *__init_array_start[], *__init_array_end[];
extern void (*__fini_array_start[])(void), (*__fini_array_end[])(void);

void _dl_aux_init(Elf64_auxv_t *);
void __tunables_init(char **);
void _dl_relocate_static_pie(void);
void __libc_setup_tls(void);
void __libc_early_init(bool);
void __libc_init_first(int, char **, char **);
void __libc_check_standard_fds(void);
int __cxa_atexit(void (*)(void *), void *, void *);
void _init(void);
void _fini(void);

// How memcpy and memset go about large blocks, in bytes: what glibc has where it does not know the caches.
long __x86_data_cache_size_half = 16 << 10, __x86_data_cache_size = 32 << 10;
long __x86_shared_cache_size_half = 512 << 10, __x86_shared_cache_size = 1024 << 10;
long __x86_shared_non_temporal_threshold = 768 << 10, __x86_rep_movsb_stop_threshold = 768 << 10;
long __x86_rep_movsb_threshold = 2048, __x86_rep_stosb_threshold = 2048;
int __x86_string_control;

static void finish(void *unused)
{
    (void)unused;
    for (long i = __fini_array_end - __fini_array_start; i-- > 0;)
        __fini_array_start[i]();
    _fini();
}

static void initialize(initializer **first, initializer **end, int argc, char **argv)
{
    for (; first < end; first++)
        (*first)(argc, argv, __environ);
}

// The guards of the stack and of stored pointers, from the kernel's random bytes, to where compiler and libc look for them.
__attribute__((always_inline)) static inline void set_guards(void)
{
    const uint64_t stack_guard = _dl_random[0] & ~UINT64_C(0xFF), pointer_guard = _dl_random[1];
    __asm__ volatile("mov %0, %%fs:0x28\n\tmov %1, %%fs:0x30" : : "r"(stack_guard), "r"(pointer_guard) : "memory");
}

// In glibc's order. Compiled without a stack guard, for there is none at its beginning.
__attribute__((noreturn)) int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv, void *init, void *fini,
                                                void (*loader_fini)(void), void *stack_end)
{
    (void)init;
    (void)fini;
    char **end = argv + argc + 1;
    __environ = end;
    __libc_stack_end = stack_end;
    while (*end)
        end++;
    _dl_aux_init((Elf64_auxv_t *)(end + 1));
    __tunables_init(__environ);
    _dl_relocate_static_pie();
    for (const Elf64_Rela *function = __rela_iplt_start; function < __rela_iplt_end; function++) {
        if (ELF64_R_TYPE(function->r_info) != R_X86_64_IRELATIVE)
            __builtin_trap();
        *(uint64_t *)function->r_offset = ((uint64_t (*)(void))function->r_addend)();
    }
    __libc_setup_tls();
    set_guards();
    if (loader_fini)
        __cxa_atexit((void (*)(void *))loader_fini, NULL, NULL);
    __libc_early_init(true);
    __libc_init_first(argc, argv, __environ);
    __cxa_atexit(finish, NULL, NULL);
    if (__libc_enable_secure)
        __libc_check_standard_fds();
    initialize(__preinit_array_start, __preinit_array_end, argc, argv);
    _init();
    initialize(__init_array_start, __init_array_end, argc, argv);
    exit(program(argc, argv, __environ));
}

#endif
