// What C needs for what Tare.Processes does, to measure beside it:
//
//   spawn loop MIB PROGRAM      for each byte read starts PROGRAM by posix_spawn and waits for it; MIB of memory are in use
//   spawn start MIB PROGRAM     the same, but the time is that of posix_spawn alone: it returns when PROGRAM is executed
//   spawn bare MIB PROGRAM      the same by vfork and execve and no other call: what the kernel alone takes
//   spawn threads COUNT STARTS PROGRAM   for each byte read starts PROGRAM that often, divided among so many threads
//   spawn read pipe|pty BYTES   for each byte read starts `spawn write BYTES` on a pipe, by posix_spawn, or at a terminal, by
//                               forkpty and execve, and reads all of it
//   spawn write BYTES           writes that many bytes to standard output
//
// Each answer is the time that it took, eight bytes, in nanoseconds; 0 is a failure.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pty.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { BLOCK = 64 * 1024 };
static char block[BLOCK];

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return status;
}

static int64_t launch(char *program, int start_only)
{
    char *arguments[] = {program, NULL};
    pid_t child;
    int64_t begin = now();
    if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0) return 0;
    int64_t started = now() - begin;
    if (wait_for(child) != 0) return 0;
    return start_only ? started : now() - begin;
}

static int64_t launch_bare(char *program)
{
    char *arguments[] = {program, NULL};
    int64_t begin = now();
    pid_t child = vfork();
    if (child == 0) {
        execve(program, arguments, environ);
        _exit(127);
    }
    int64_t started = now() - begin;
    return child > 0 && wait_for(child) == 0 ? started : 0;
}

enum { MOST_THREADS = 64 };

struct work {
    char *program;
    int starts;
    int failed;
};

static void *launch_all(void *argument)
{
    struct work *work = argument;
    for (int i = 0; i < work->starts; i++)
        if (launch(work->program, 0) == 0) work->failed = 1;
    return NULL;
}

static int64_t launch_threads(int count, int starts, char *program)
{
    pthread_t threads[MOST_THREADS];
    struct work work[MOST_THREADS];
    int64_t begin = now();
    for (int i = 0; i < count; i++) {
        work[i] = (struct work){program, starts / count, 0};
        if (pthread_create(&threads[i], NULL, launch_all, &work[i]) != 0) return 0;
    }
    int failed = 0;
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        failed |= work[i].failed;
    }
    return failed ? 0 : now() - begin;
}

static pid_t spawn_on_pipe(char *self, char **arguments, int *reader)
{
    int ends[2];
    if (pipe(ends) < 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    pid_t child;
    if (posix_spawn(&child, self, &actions, NULL, arguments, environ) != 0) child = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *reader = ends[0];
    return child;
}

static int64_t transfer(char *self, int terminal, char *bytes)
{
    char *arguments[] = {self, "write", bytes, NULL};
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int reader;
    int64_t begin = now();
    pid_t child = terminal ? forkpty(&reader, NULL, NULL, &size) : spawn_on_pipe(self, arguments, &reader);
    if (terminal && child == 0) {
        execve(self, arguments, environ);
        _exit(127);
    }
    if (child < 0) return 0;
    int64_t left = atoll(bytes);
    ssize_t got;
    while ((got = read(reader, block, BLOCK)) > 0) left -= got;
    int64_t taken = now() - begin;
    close(reader);
    return wait_for(child) == 0 && left == 0 ? taken : 0;
}

static int write_out(int64_t left)
{
    memset(block, 'x', BLOCK);
    while (left > 0) {
        ssize_t written = write(1, block, left < BLOCK ? (size_t)left : BLOCK);
        if (written < 0) return 1;
        left -= written;
    }
    return 0;
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "write") == 0) return write_out(atoll(words[2]));
    int threads = count == 5 && strcmp(words[1], "threads") == 0 ? atoi(words[2]) : 0;
    if (threads < 0 || threads > MOST_THREADS || (threads == 0 && count != 4)) return 2;
    int start_only = strcmp(words[1], "start") == 0;
    int bare = strcmp(words[1], "bare") == 0;
    int loops = start_only || bare || strcmp(words[1], "loop") == 0;
    if (loops) {
        size_t size = (size_t)atoll(words[2]) << 20;
        char *memory = malloc(size + 1);
        if (memory == NULL) return 1;
        memset(memory, 'x', size + 1);
        __asm__ volatile("" : : "r"(memory) : "memory");
    }
    fcntl(0, F_SETFD, FD_CLOEXEC);
    char byte;
    while (read(0, &byte, 1) == 1) {
        int64_t taken;
        if (threads > 0)
            taken = launch_threads(threads, atoi(words[3]), words[4]);
        else if (loops)
            taken = bare ? launch_bare(words[3]) : launch(words[3], start_only);
        else
            taken = transfer(words[0], strcmp(words[2], "pty") == 0, words[3]);
        if (write(1, &taken, sizeof taken) != sizeof taken) return 1;
    }
    return 0;
}
