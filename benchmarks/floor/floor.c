/*
 * Runs `true` in the container that the default config.json describes, by the system calls that Tare makes for it and by
 * no others. Nothing is read, checked or planned: what it takes is the kernel's price. benchmarks/floor/compare shows that
 * the child's calls are Tare's.
 *
 *   floor run ROOTFS ID     state, cgroups, launch, wait, clean up: what `tare-oci run` does in sum
 *   floor loop ROOTFS ID    makes the cgroups once, then a launch for each byte on standard input;
 *                           writes how long it took from the clone to the end of the program, 8 bytes, in nanoseconds
 */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char state_root[] = "/run/tare-floor";
static char state_directory[256];
static char state_file[300];

long check(long result, const char *what) {
    if (result < 0) {
        dprintf(2, "floor: %s: %s\n", what, strerror(errno));
        _exit(1);
    }
    return result;
}

/* What a runtime writes down, so that somebody else can find the container. */
static void keep_state(const char *id) {
    snprintf(state_directory, sizeof state_directory, "%s/%s", state_root, id);
    snprintf(state_file, sizeof state_file, "%s/state.json", state_directory);
    if (mkdir(state_root, 0700) < 0 && errno != EEXIST) check(-1, "make the directory for state");
    check(mkdir(state_directory, 0711), "make the state directory");
    int file = check(open(state_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "create the state file");
    char text[512];
    int length = snprintf(text, sizeof text, "{\"ociVersion\":\"1.0.2\",\"id\":\"%s\",\"status\":\"running\"}", id);
    check(write(file, text, length), "write the state file");
    close(file);
}

static void forget_state(void) {
    check(unlink(state_file), "remove the state file");
    check(rmdir(state_directory), "remove the state directory");
    rmdir(state_root);
}

static int wait_for(int process) {
    siginfo_t info;
    check(waitid(P_PIDFD, process, &info, WEXITED), "wait for the program");
    close(process);
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

static int run(const char *rootfs, const char *id) {
    struct cgroups cgroups;
    cgroups_find(&cgroups, id);
    keep_state(id);
    cgroups_make(&cgroups);
    int status = wait_for(launch(rootfs, &cgroups));
    cgroups_remove(&cgroups);
    forget_state();
    return status;
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int loop(const char *rootfs, const char *id) {
    struct cgroups cgroups;
    char byte;
    cgroups_find(&cgroups, id);
    cgroups_make(&cgroups);
    while (read(0, &byte, 1) == 1) {
        uint64_t begin = now();
        int status = wait_for(launch(rootfs, &cgroups));
        uint64_t taken = now() - begin;
        if (status != 0) taken = 0;
        check(write(1, &taken, sizeof taken), "report");
    }
    cgroups_remove(&cgroups);
    return 0;
}

int main(int count, char **words) {
    if (count == 4 && strcmp(words[1], "run") == 0) _exit(run(words[2], words[3]));
    if (count == 4 && strcmp(words[1], "loop") == 0) _exit(loop(words[2], words[3]));
    dprintf(2, "usage: floor run|loop ROOTFS ID\n");
    return 2;
}
