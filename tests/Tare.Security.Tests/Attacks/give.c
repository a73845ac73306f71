// Gives a file capabilities that add to what is inheritable: give FILE NUMBER. Without a number, says which capabilities
// this process has. capabilities(7), linux/capability.h.
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

int main(int argc, char **argv)
{
    if (argc == 3) {
        struct vfs_cap_data data = { .magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE };
        int number = atoi(argv[2]);
        data.data[number / 32].inheritable = 1u << (number % 32);
        if (setxattr(argv[1], "security.capability", &data, sizeof data, 0) != 0) {
            perror(argv[1]);
            return 1;
        }
        return 0;
    }

    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "Cap", 3) == 0)
            fputs(line, stdout);
    return 0;
}
