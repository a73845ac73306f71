// Lies in wait for processes of the runtime that appear in this PID namespace, and takes of each whatever it can: its
// executable, its root directory, its memory, its descriptors, control over it.
//
//     watch RUNTIME CANARY PAYLOAD
//
// RUNTIME is the runtime's file and CANARY another file of the host, both as the host names them; PAYLOAD goes into every
// executable that was had, as soon as nobody executes it. Ends with standard input, and says then how often each thing was
// taken, how often a process gave nothing away (denied), and how often one was seen that has left the runtime behind, an
// image in memory (sealed).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AHEAD = 3, KEPT = 16, PATIENCE = 2000 };
enum look { GONE, DENIED, OTHER, SEALED, RUNTIME };

static int kept[KEPT];
static int keeps;
static const char *runtime, *canary, *payload;
static long denied, sealed, executables, written, roots, memories, traced, descriptors;

// What a process executes; the runtime's file comes open.
static enum look look(int process, int *file)
{
    char path[64], name[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", process);
    ssize_t length = readlink(path, name, sizeof name - 1);
    if (length < 0)
        return errno == EACCES || errno == EPERM ? DENIED : GONE;
    name[length] = 0;
    if (strncmp(name, "/memfd:tare", 11) == 0)
        return SEALED;
    if (strcmp(name, runtime) != 0)
        return OTHER;
    *file = open(path, O_RDONLY | O_CLOEXEC);
    return *file >= 0 ? RUNTIME : DENIED;
}

// What is being executed cannot be written to, so it is tried again and again.
static void overwrite(void)
{
    for (int i = 0; i < keeps; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", kept[i]);
        int file = open(path, O_WRONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        written += write(file, payload, strlen(payload)) == (ssize_t)strlen(payload);
        close(file);
        close(kept[i]);
        kept[i--] = kept[--keeps];
    }
}

static void take_executable(int file)
{
    executables++;
    if (keeps < KEPT)
        kept[keeps++] = file;
    else
        close(file);
}

static void take_root(int process)
{
    char path[4200];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/root%s", process, canary);
    roots += stat(path, &status) == 0;
    snprintf(path, sizeof path, "/proc/%d/cwd%s", process, canary);
    roots += stat(path, &status) == 0;
}

// The container's own programs have no more than standard streams.
static void take_descriptors(int process)
{
    int pidfd = syscall(SYS_pidfd_open, process, 0);
    if (pidfd < 0)
        return;
    for (int number = 3; number < 24; number++) {
        int file = syscall(SYS_pidfd_getfd, pidfd, number, 0);
        if (file >= 0) {
            struct stat status;
            descriptors += fstat(file, &status) == 0 && !S_ISFIFO(status.st_mode);
            close(file);
        }
    }
    close(pidfd);
}

// It executes the runtime still, so it did when its memory was opened.
static void take_memory(int process)
{
    char path[64];
    int file;
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    if (memory < 0)
        return;
    if (look(process, &file) == RUNTIME) {
        memories++;
        close(file);
    }
    close(memory);
}

static void trace(int process)
{
    int file;
    if (ptrace(PTRACE_SEIZE, process, 0, 0) != 0)
        return;
    if (look(process, &file) == RUNTIME) {
        traced++;
        close(file);
    }
    ptrace(PTRACE_INTERRUPT, process, 0, 0);
    if (waitpid(process, NULL, __WALL) == process)
        ptrace(PTRACE_DETACH, process, 0, 0);
}

// 1: go on with this one; 0: it is none of the runtime's any more.
static int attack(int process, int turn)
{
    int file;
    switch (look(process, &file)) {
    case RUNTIME:
        take_executable(file);
        break;
    case SEALED:
        sealed++;
        break;
    case DENIED:
        denied++;
        break;
    default:
        return 0;
    }
    take_root(process);
    take_descriptors(process);
    take_memory(process);
    if (turn % 4 == 3)
        trace(process);
    return 1;
}

// The number that was given last in this PID namespace.
static int newest(void)
{
    int process = 0;
    char text[128] = "";
    int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
    if (read(file, text, sizeof text - 1) > 0)
        process = atoi(strrchr(text, ' '));
    close(file);
    return process;
}

int main(int argc, char **argv)
{
    struct pollfd input = { .fd = 0, .events = POLLIN };
    if (argc != 4)
        return 2;
    runtime = argv[1];
    canary = argv[2];
    payload = argv[3];

    int next = newest() + 1;
    puts("watching");
    fflush(stdout);
    while (poll(&input, 1, 0) == 0) {
        // The numbers begin anew some time.
        int last = newest();
        if (last < next - 1)
            next = last;
        for (int process = next; process < last + AHEAD; process++) {
            for (int again = 0; again < PATIENCE && attack(process, again); again++)
                overwrite();
            if (process <= last)
                next = process + 1;
        }
        overwrite();
    }
    for (int i = 0; i < PATIENCE && keeps > 0; i++)
        overwrite();
    printf("denied %ld\nsealed %ld\nexecutables %ld\nwritten %ld\nroots %ld\nmemories %ld\ntraced %ld\ndescriptors %ld\n",
           denied, sealed, executables, written, roots, memories, traced, descriptors);
    return 0;
}
