/* The container's cgroups: one in each hierarchy that is mounted, with the device rules of the default config.json. */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add(struct cgroups *cgroups, const char *mount, size_t length, int unified, const char *id) {
    if (cgroups->count == MAX_HIERARCHIES) return;
    struct hierarchy *hierarchy = &cgroups->at[cgroups->count];
    snprintf(hierarchy->mount, sizeof hierarchy->mount, "%.*s", (int)length, mount);
    hierarchy->name = strrchr(hierarchy->mount, '/') + 1;
    hierarchy->unified = unified;
    snprintf(hierarchy->group, sizeof hierarchy->group, "%.*s/%s", (int)length, mount, id);
    if (unified) cgroups->unified = cgroups->count;
    else cgroups->only_v2 = 0;
    cgroups->count++;
}

/* Which hierarchies there are, only /proc tells. Mount point: the fifth field of a line. */
void cgroups_find(struct cgroups *cgroups, const char *id) {
    static char text[1 << 16];
    int file = check(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC), "open mountinfo");
    ssize_t length = check(read(file, text, sizeof text - 1), "read mountinfo");
    close(file);
    text[length] = 0;
    cgroups->count = 0;
    cgroups->unified = -1;
    cgroups->only_v2 = 1;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *type = strstr(line, " - cgroup");
        if (!type) continue;
        for (int i = 0; i < 4; i++) line = strchr(line, ' ') + 1;
        add(cgroups, line, strchr(line, ' ') - line, type[9] == '2', id);
    }
}

static int open_in(const struct hierarchy *hierarchy, const char *file, int flags) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", hierarchy->group, file);
    return check(open(path, flags | O_CLOEXEC), path);
}

static void put(const struct hierarchy *hierarchy, const char *file, const char *value, size_t length) {
    int opened = open_in(hierarchy, file, O_WRONLY);
    check(write(opened, value, length), file);
    close(opened);
}

/* A new cpuset has no processors and no memory, and nobody can enter it, until both are taken over from above. */
static void inherit(const struct hierarchy *hierarchy, const char *file) {
    char path[512], value[4096];
    snprintf(path, sizeof path, "%s/%s", hierarchy->mount, file);
    int above = check(open(path, O_RDONLY | O_CLOEXEC), path);
    ssize_t length = check(read(above, value, sizeof value), path);
    close(above);
    put(hierarchy, file, value, length);
}

static void restrict_devices(const struct hierarchy *hierarchy) {
    static const char *const allowed[] = {
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm",
    };
    put(hierarchy, "devices.deny", "a", 1);
    int allow = open_in(hierarchy, "devices.allow", O_WRONLY);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        check(write(allow, allowed[i], strlen(allowed[i])), allowed[i]);
    close(allow);
}

void cgroups_make(struct cgroups *cgroups) {
    for (int i = 0; i < cgroups->count; i++) check(mkdir(cgroups->at[i].group, 0755), cgroups->at[i].group);
    for (int i = 0; i < cgroups->count; i++) {
        struct hierarchy *hierarchy = &cgroups->at[i];
        if (strcmp(hierarchy->name, "cpuset") == 0) {
            inherit(hierarchy, "cpuset.cpus");
            inherit(hierarchy, "cpuset.mems");
        } else if (strcmp(hierarchy->name, "devices") == 0) {
            restrict_devices(hierarchy);
        }
        hierarchy->entrance = hierarchy->unified
            ? check(open(hierarchy->group, O_RDONLY | O_DIRECTORY | O_CLOEXEC), hierarchy->group)
            : open_in(hierarchy, "tasks", O_WRONLY);
    }
}

/* A process that has ended may still be on its way out of its groups. */
void cgroups_remove(struct cgroups *cgroups) {
    for (int i = 0; i < cgroups->count; i++) {
        close(cgroups->at[i].entrance);
        while (rmdir(cgroups->at[i].group) < 0)
            if (errno != EBUSY) check(-1, cgroups->at[i].group);
    }
}
