// peak FILE PROGRAM [ARGUMENT…]: runs a program to its end and writes the most memory that was resident at a time, in KiB, of
// the largest of it and the children that it waited for. The program is forked, so that the kernel counts nothing of who
// started this (a clone that shares memory would bring that along, execve(2) notes the old memory's peak), and this is as
// small as a program can be. Ends with the program's status.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return 1;
    FILE *file = fopen(argv[1], "w");
    if (!file || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
