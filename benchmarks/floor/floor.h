/* The floor: what a launch of the default OCI bundle costs where nothing but the kernel is paid for. */
#pragma once

#include <stddef.h>

#define MAX_HIERARCHIES 16

/* A mounted hierarchy of cgroups, and the container's group in it. */
struct hierarchy {
    char mount[128];  /* /sys/fs/cgroup/memory */
    const char *name; /* memory: the last component of the mount point */
    int unified;      /* cgroup v2 */
    char group[256];  /* the container's group, a directory of the host */
    int entrance;     /* v1: tasks, open for writing; v2: the group's directory */
    int tree;         /* v1: the group's directory as a mount that is attached nowhere, made by the child */
};

struct cgroups {
    struct hierarchy at[MAX_HIERARCHIES];
    int count;
    int unified;   /* the index of the v2 hierarchy, or -1 */
    int only_v2;   /* there is no v1 hierarchy: the container gets a cgroup namespace */
};

/* floor.c: ends the program with what failed and why, if result is negative. */
long check(long result, const char *what);

/* cgroups.c */
void cgroups_find(struct cgroups *cgroups, const char *id);
void cgroups_make(struct cgroups *cgroups);
void cgroups_remove(struct cgroups *cgroups);

/* child.c: makes the process; returns its pidfd once it has executed the program. */
int launch(const char *rootfs, struct cgroups *cgroups);
