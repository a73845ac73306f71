/*
 * Makes a filter by libseccomp of the profile on standard input, as an OCI runtime does, and writes it to standard output.
 * The greatest number that the profile names on each architecture goes to standard error: "TOKEN NUMBER".
 *
 * Lines: "default ACTION", "arch TOKEN" (in this order), then "rule ACTION NAME COUNT [INDEX OPERATOR VALUE TWO]...";
 * numbers are decimal, the operators are those of enum scmp_compare. "arch" takes the place of this machine's own.
 */
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static scmp_filter_ctx filter;
static uint32_t archs[8];
static int64_t greatest[8];
static int count;

static void check(int result, const char *what)
{
    if (result < 0 && result != -EEXIST) {
        fprintf(stderr, "%s: %s\n", what, strerror(-result));
        exit(1);
    }
}

static void rule(uint32_t action, const char *name, unsigned int n, const struct scmp_arg_cmp *args)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR)
        return;
    for (unsigned int i = 0; i < n; i++) {
        for (unsigned int k = 0; k < i; k++) {
            if (args[i].arg != args[k].arg)
                continue;
            for (unsigned int one = 0; one < n; one++)
                check(seccomp_rule_add_array(filter, action, number, 1, &args[one]), name);
            return;
        }
    }
    check(seccomp_rule_add_array(filter, action, number, n, args), name);
}

int main(void)
{
    char word[16], name[64];
    uint32_t value, otherwise = 0;
    while (scanf("%15s", word) == 1) {
        if (!strcmp(word, "default")) {
            if (scanf("%" SCNu32, &otherwise) != 1 || !(filter = seccomp_init(otherwise)))
                return 2;
        } else if (!strcmp(word, "arch")) {
            if (scanf("%" SCNu32, &value) != 1)
                return 2;
            if (count == 0 && value != seccomp_arch_native()) {
                check(seccomp_arch_add(filter, value), "arch");
                check(seccomp_arch_remove(filter, seccomp_arch_native()), "native");
            } else {
                check(seccomp_arch_add(filter, value), "arch");
            }
            greatest[count] = -1;
            archs[count++] = value;
        } else {
            struct scmp_arg_cmp args[6];
            unsigned int n, i;
            if (scanf("%" SCNu32 "%63s%u", &value, name, &n) != 3 || n > 6)
                return 2;
            for (i = 0; i < n; i++) {
                unsigned int index, operator;
                if (scanf("%u%u%" SCNu64 "%" SCNu64, &index, &operator, &args[i].datum_a, &args[i].datum_b) != 4)
                    return 2;
                args[i].arg = index;
                args[i].op = operator;
            }
            for (int k = 0; k < count; k++) {
                int number = seccomp_syscall_resolve_name_arch(archs[k], name);
                if (number > greatest[k])
                    greatest[k] = number;
            }
            if (value != otherwise)
                rule(value, name, n, args);
        }
    }
    for (int k = 0; k < count; k++)
        fprintf(stderr, "%" PRIu32 " %" PRId64 "\n", archs[k], greatest[k]);
    check(seccomp_export_bpf(filter, 1), "export");
    return 0;
}
