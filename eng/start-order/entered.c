// entered LIST FILE PROGRAM [ARGUMENT…]: runs a program and appends to FILE what it enters, in the order in which it does for
// the first time. LIST has a line for each place: its address (16 hexadecimal digits, ascending) and what is to be written; a
// line is written for each of an address. Each place gets a breakpoint that is taken out when it is hit, in all threads;
// processes that the program makes are let go. For fixed-address programs on x86-64. Ends with the program's status.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_places = 100000 };

static struct place {
    uint64_t address;
    char *words;
    unsigned char instruction;
    int armed;
} places[most_places];
static int count;

static void fail(const char *what)
{
    perror(what);
    exit(126);
}

static void read_places(const char *name)
{
    FILE *file = fopen(name, "r");
    if (!file)
        fail(name);
    char line[4096];
    while (count < most_places && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *rest;
        places[count].address = strtoull(line, &rest, 16);
        places[count].words = strdup(*rest ? rest + 1 : rest);
        count++;
    }
    fclose(file);
}

// The first of an address has the breakpoint.
static void arm(int memory)
{
    const unsigned char breakpoint = 0xCC;
    for (int i = 0; i < count; i++) {
        struct place *place = &places[i];
        if (i > 0 && place->address == places[i - 1].address)
            continue;
        if (pread(memory, &place->instruction, 1, place->address) != 1 || pwrite(memory, &breakpoint, 1, place->address) != 1)
            fail("write a breakpoint");
        place->armed = 1;
    }
}

static int find(uint64_t address)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (places[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && places[low].address == address ? low : -1;
}

// False if the thread stopped for another reason. Of two threads that come to a place at once the second only goes back.
static int enter(pid_t thread, int memory, FILE *out)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, thread, 0, &registers) != 0)
        return 0;
    int at = find(registers.rip - 1);
    if (at < 0)
        return 0;
    struct place *place = &places[at];
    if (place->armed) {
        place->armed = 0;
        if (pwrite(memory, &place->instruction, 1, place->address) != 1)
            fail("take out a breakpoint");
        for (int i = at; i < count && places[i].address == place->address; i++)
            fprintf(out, "%s\n", places[i].words);
    }
    registers.rip--;
    ptrace(PTRACE_SETREGS, thread, 0, &registers);
    return 1;
}

static int is_thread_of(pid_t thread, pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d", process, thread);
    return access(path, F_OK) == 0;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    read_places(argv[1]);
    FILE *out = fopen(argv[2], "a");
    if (!out)
        fail(argv[2]);
    pid_t process = fork();
    if (process == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execv(argv[3], argv + 3);
        _exit(127);
    }
    int status;
    if (process < 0 || waitpid(process, &status, 0) != process || !WIFSTOPPED(status))
        fail(argv[3]);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    if (memory < 0 || ptrace(PTRACE_SETOPTIONS, process, 0, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) != 0)
        fail("trace");
    arm(memory);
    ptrace(PTRACE_CONT, process, 0, 0);
    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0)
            fail("waitpid");
        if (!WIFSTOPPED(status)) {
            if (thread != process)
                continue;
            fclose(out);
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        int signal = WSTOPSIG(status);
        if (!is_thread_of(thread, process))
            ptrace(PTRACE_DETACH, thread, 0, 0);
        else if (status >> 16 != 0 || (signal == SIGTRAP && enter(thread, memory, out)) || (signal == SIGSTOP && thread != process))
            ptrace(PTRACE_CONT, thread, 0, 0);
        else
            ptrace(PTRACE_CONT, thread, 0, (long)signal);
    }
}
