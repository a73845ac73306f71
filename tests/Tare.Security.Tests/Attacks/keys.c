// Session keyrings: "keys with SECRET COMMAND…" runs a command with a new one that holds a secret, "keys show" prints every
// secret that the process's own holds.
#define _GNU_SOURCE
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "with") == 0) {
        if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0
            || syscall(SYS_add_key, "user", "tare-test", argv[2], strlen(argv[2]), KEY_SPEC_SESSION_KEYRING) < 0) {
            perror("keyctl");
            return 1;
        }
        execvp(argv[3], argv + 3);
        return 1;
    }

    char secret[256] = "";
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "tare-test", 0);
    if (key >= 0 && syscall(SYS_keyctl, KEYCTL_READ, key, secret, sizeof secret - 1) >= 0)
        printf("secret %s\n", secret);
    else
        puts("no secret");
    return 0;
}
