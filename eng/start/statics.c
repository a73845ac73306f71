// .NET's start allocates an object for the statics of each type, 800 of them, in the pinned heap, whose allocator looks through
// all free lists for each. Here they get their places in one block of that heap. Nothing is collected meanwhile: there is one
// thread, and what it allocates is far less than what starts a collection.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

// How objects lie in a heap of .NET 10: each begins with its type; what is free is an object too, an array of bytes.
struct type {
    uint16_t element_size, flags;
    uint32_t size;
};
struct object {
    const struct type *type;
    uint64_t length;
};
enum { pinned = 0x40, free_size = 24, block_size = 32 << 10 };

// A page of the heap is made at its first touch, a fault each: as many as every command touches are made at once.
enum { touched = 128 << 10 };

extern const struct type *_ZN15GCToEEInterface24GetFreeObjectMethodTableEv(void);
void RhAllocateNewArray(const struct type *type, uint32_t length, uint32_t flags, struct object **array);
void __real_RhAllocateNewObject(const struct type *type, uint32_t flags, struct object **object);
void __real_InitializeModules(void *os_module, void **modules, int count, void **functions, int function_count);

// Where the kernel (before 5.14) cannot, they are made one by one.
static void touch(struct object *start, size_t size)
{
    if (start)
        madvise((void *)((uintptr_t)start & -getauxval(AT_PAGESZ)), size, MADV_POPULATE_WRITE);
}

static struct object *rest;
static size_t rest_size;

void __wrap_RhAllocateNewObject(const struct type *type, uint32_t flags, struct object **object)
{
    const size_t size = ((size_t)type->size + 7) & ~(size_t)7;
    if (flags != pinned || rest_size < size + free_size) {
        __real_RhAllocateNewObject(type, flags, object);
        return;
    }
    struct object *next = (struct object *)((char *)rest + size);
    next->type = rest->type;
    next->length = rest_size - size - free_size;
    rest->length = 0;
    rest->type = type;
    *object = rest;
    rest = next;
    rest_size -= size;
}

void __wrap_InitializeModules(void *os_module, void **modules, int count, void **functions, int function_count)
{
    const struct type *nothing = _ZN15GCToEEInterface24GetFreeObjectMethodTableEv();
    if (nothing->element_size == 1 && nothing->size == free_size) {
        RhAllocateNewArray(nothing, block_size - free_size, pinned, &rest);
        rest_size = rest ? block_size : 0;
        touch(rest, block_size);
        struct object *first;
        RhAllocateNewArray(nothing, 0, 0, &first);
        touch(first, touched);
    }
    __real_InitializeModules(os_module, modules, count, functions, function_count);
    rest_size = 0;
}
