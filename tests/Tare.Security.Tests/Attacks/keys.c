// Session keyrings: "keys with SECRET COMMAND…" runs a command with a new one that holds a secret, "keys show" prints every
// secret that the process's own holds. "keys named NAME SECRET COMMAND…" runs the command beside a process that keeps such a
// keyring of that name.
#define _GNU_SOURCE
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

    if (argc > 4 && strcmp(argv[1], "named") == 0) {
        int ready[2];
        if (pipe(ready) != 0)
            return 1;
        pid_t other = fork();
        if (other == 0) {
            if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, argv[2]) < 0
                || syscall(SYS_add_key, "user", "tare-test", argv[3], strlen(argv[3]), KEY_SPEC_SESSION_KEYRING) < 0)
                _exit(1);
            if (write(ready[1], "!", 1) != 1)
                _exit(1);
            pause();
        }
        pid_t command = fork();
        if (command == 0) {
            char word;
            if (read(ready[0], &word, 1) == 1)
                execvp(argv[4], argv + 4);
            _exit(1);
        }
        int status;
        waitpid(command, &status, 0);
        kill(other, SIGKILL);
        waitpid(other, NULL, 0);
        return WEXITSTATUS(status);
    }

    char secret[256] = "";
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "tare-test", 0);
    if (key >= 0 && syscall(SYS_keyctl, KEYCTL_READ, key, secret, sizeof secret - 1) >= 0)
        printf("secret %s\n", secret);
    else
        puts("no secret");
    return 0;
}
