// What stands in for functions of .NET's runtime (ld's --wrap, App.props has the list): the same for a program that lives for
// milliseconds, without the work. Each falls back to .NET's own, __real_…, where it cannot know better.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Limits in cgroups: the collector has been given its own, and the number of processors is for thread pools. NUMA nodes: one
// heap, allocated from by whoever touches it.
void __wrap__Z16InitializeCGroupv(void)
{
}

void __wrap__Z19InitializeCpuCGroupv(void)
{
}

void __wrap__Z21NUMASupportInitializev(void)
{
}

// What the collector can be told, a hundred settings, each looked for in the environment: only those that App.props gives.
bool __real__ZN15GCToEEInterface17GetIntConfigValueEPKcS1_Pl(const char *key, const char *public_key, int64_t *value);
bool __real__ZN15GCToEEInterface21GetBooleanConfigValueEPKcS1_Pb(const char *key, const char *public_key, bool *value);

static bool is_given(const char *key)
{
    static const char *const given[] = {"gcConcurrent", "GCgen0size", "GCRegionRange", "GCTotalPhysicalMemory"};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (strcmp(key, given[i]) == 0)
            return true;
    return false;
}

bool __wrap__ZN15GCToEEInterface17GetIntConfigValueEPKcS1_Pl(const char *key, const char *public_key, int64_t *value)
{
    return is_given(key) && __real__ZN15GCToEEInterface17GetIntConfigValueEPKcS1_Pl(key, public_key, value);
}

bool __wrap__ZN15GCToEEInterface21GetBooleanConfigValueEPKcS1_Pb(const char *key, const char *public_key, bool *value)
{
    return is_given(key) && __real__ZN15GCToEEInterface21GetBooleanConfigValueEPKcS1_Pb(key, public_key, value);
}

// Bytes of cache to a processor, from which the first generation's size is taken, unless it is given, as here.
size_t __wrap__ZN15GCToOSInterface25GetCacheSizePerLogicalCpuEb(bool true_size)
{
    (void)true_size;
    return 1 << 20;
}

// What the processor can do beyond what ILC was told to assume: not asked on x86-64, where virtual machines trap the question,
// so not used. Whether it can do that much is asked where ILC wants it asked.
extern const int g_requiredCpuFeatures;
int __real_minipal_getcpufeatures(void);

int __wrap_minipal_getcpufeatures(void)
{
#if defined(__x86_64__)
    if (g_requiredCpuFeatures == 0)
        return 0;
#endif
    return __real_minipal_getcpufeatures();
}

// How many processors there can be, for which sets are made: as many as the kernel's answer has room for.
int __real_minipal_get_cpu_max_possible_count(void);

int __wrap_minipal_get_cpu_max_possible_count(void)
{
    cpu_set_t own;
    return sched_getaffinity(0, sizeof own, &own) == 0 ? CPU_SETSIZE : __real_minipal_get_cpu_max_possible_count();
}

// How many processors are on, read from sysfs, from which the collector concludes whether to spin: those that it may run on.
long __real_sysconf(int name);

long __wrap_sysconf(int name)
{
    cpu_set_t own;
    return name == _SC_NPROCESSORS_ONLN && sched_getaffinity(0, sizeof own, &own) == 0 ? CPU_COUNT(&own) : __real_sysconf(name);
}

// The physical memory in use, read from procfs: at start next to nothing.
bool __real__Z21GetPhysicalMemoryUsedPm(size_t *used);

bool __wrap__Z21GetPhysicalMemoryUsedPm(size_t *used)
{
    static bool started;
    if (started)
        return __real__Z21GetPhysicalMemoryUsedPm(used);
    started = true;
    *used = 0;
    return true;
}

// A thread's stack: libc reads the main thread's from /proc/self/maps. It ends where the program's arguments begin, and is as
// large as its limit allows.
extern void *__libc_stack_end;
bool __real__Z24PalGetMaximumStackBoundsPPvS0_(void **lowest, void **end);

bool __wrap__Z24PalGetMaximumStackBoundsPPvS0_(void **lowest, void **end)
{
    const uintptr_t page = 4096; // no processor has smaller ones
    struct rlimit limit;
    if (getpid() != syscall(SYS_gettid) || getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > UINT32_MAX)
        return __real__Z24PalGetMaximumStackBoundsPPvS0_(lowest, end);
    const uintptr_t top = ((uintptr_t)__libc_stack_end + page - 1) & -page;
    *lowest = (void *)(top - (limit.rlim_cur & -page));
    *end = (void *)top;
    return true;
}

// The thread that runs finalizers is made when there is something to finalize, which few commands live to see.
typedef unsigned thread_function(void *);
bool __real__Z23PalStartFinalizerThreadPFjPvES_(thread_function *function, void *context);
void __real__Z20RhEnableFinalizationv(void);
void __real_RhWaitForPendingFinalizers(unsigned reentrant);
static thread_function *finalizer;
static void *finalizer_context;

bool __wrap__Z23PalStartFinalizerThreadPFjPvES_(thread_function *function, void *context)
{
    finalizer_context = context;
    __atomic_store_n(&finalizer, function, __ATOMIC_RELEASE);
    return true;
}

// Where no thread can be made objects wait for the next time.
static bool start_finalizer(void)
{
    thread_function *function = __atomic_exchange_n(&finalizer, NULL, __ATOMIC_ACQ_REL);
    if (!function || __real__Z23PalStartFinalizerThreadPFjPvES_(function, finalizer_context))
        return true;
    __atomic_store_n(&finalizer, function, __ATOMIC_RELEASE);
    return false;
}

void __wrap__Z20RhEnableFinalizationv(void)
{
    start_finalizer();
    __real__Z20RhEnableFinalizationv();
}

void __wrap_RhWaitForPendingFinalizers(unsigned reentrant)
{
    if (start_finalizer())
        __real_RhWaitForPendingFinalizers(reentrant);
}

// The collector's memory. Of the first ranges that it reserves, the heap's and its tables', the beginnings are made accessible in
// one go and stay so, which for the heap has the first region of each generation; else each piece would be, which splits
// mappings. Pages come into being where they are touched, as ever, and no huge ones.
enum { most_ranges = 4, beginning = 64 << 20, huge_page = 2 << 20 };
static struct {
    char *start, *end;
} ranges[most_ranges];
static unsigned range_count;
void *__real__ZN15GCToOSInterface14VirtualReserveEmmjt(size_t size, size_t alignment, unsigned flags, unsigned short node);
bool __real__ZN15GCToOSInterface13VirtualCommitEPvmt(void *address, size_t size, unsigned short node);
bool __real__ZN15GCToOSInterface15VirtualDecommitEPvm(void *address, size_t size);
bool __real__ZN15GCToOSInterface14VirtualReleaseEPvm(void *address, size_t size);

static bool is_accessible(const char *start, const char *end)
{
    for (int i = 0; i < most_ranges; i++)
        if (start >= ranges[i].start && end <= ranges[i].end)
            return true;
    return false;
}

void *__wrap__ZN15GCToOSInterface14VirtualReserveEmmjt(size_t size, size_t alignment, unsigned flags, unsigned short node)
{
    char *start = __real__ZN15GCToOSInterface14VirtualReserveEmmjt(size, alignment, flags, node);
    const size_t length = size < beginning ? size : beginning;
    // .NET would end without a word.
    if (!start && range_count == 0)
        dprintf(STDERR_FILENO, "%s: reserve %zu MiB of address space: ENOMEM (raise RLIMIT_AS: ulimit -v)\n",
                program_invocation_short_name, size >> 20);
    unsigned number = start ? __atomic_fetch_add(&range_count, 1, __ATOMIC_RELAXED) : most_ranges;
    if (number >= most_ranges || mprotect(start, length, PROT_READ | PROT_WRITE) != 0)
        return start;
    madvise(start, length, MADV_DODUMP);
    if (length >= huge_page)
        madvise(start, length, MADV_NOHUGEPAGE);
    ranges[number].start = start;
    ranges[number].end = start + length;
    return start;
}

bool __wrap__ZN15GCToOSInterface13VirtualCommitEPvmt(void *address, size_t size, unsigned short node)
{
    return is_accessible(address, (char *)address + size) || __real__ZN15GCToOSInterface13VirtualCommitEPvmt(address, size, node);
}

bool __wrap__ZN15GCToOSInterface15VirtualDecommitEPvm(void *address, size_t size)
{
    return is_accessible(address, (char *)address + 1) ? madvise(address, size, MADV_DONTNEED) == 0
                                                       : __real__ZN15GCToOSInterface15VirtualDecommitEPvm(address, size);
}

bool __wrap__ZN15GCToOSInterface14VirtualReleaseEPvm(void *address, size_t size)
{
    for (int i = 0; i < most_ranges; i++)
        if (ranges[i].start == address)
            ranges[i].end = NULL;
    return __real__ZN15GCToOSInterface14VirtualReleaseEPvm(address, size);
}
