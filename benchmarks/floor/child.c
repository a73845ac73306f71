/*
 * The child, from clone3 to execve, call by call as `tare explain` prints the plan of the default config.json. Like Tare's
 * it shares this program's memory, so that no page table is copied, and this program stands still meanwhile.
 */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the clone below is written for x86-64"
#endif

#define SAFE (MS_NOSUID | MS_NODEV | MS_NOEXEC)

static const char *rootfs;
static struct cgroups *cgroups;
static sigset_t mask_before;
static int root, proc, dev, null_device;

/* openat2, which glibc has no function for. */
static int look(int directory, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags | O_PATH | O_CLOEXEC, .resolve = resolve | RESOLVE_IN_ROOT};
    return syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static int plain_directory(const char *path) {
    return check(look(root, path, O_DIRECTORY, RESOLVE_NO_SYMLINKS), path);
}

static void mount_here(int directory, const char *source, const char *type, unsigned long flags, const char *data) {
    check(fchdir(directory), "enter a mount's destination");
    check(mount(source, ".", type, flags, data), type);
}

static void check_mount_root(int directory) {
    struct statx status;
    check(statx(directory, "", AT_EMPTY_PATH, STATX_TYPE, &status), "statx");
    if (!(status.stx_attributes & STATX_ATTR_MOUNT_ROOT)) errno = EXDEV, check(-1, "find the mount just made");
}

static void check_type(int directory, long type) {
    struct statfs system;
    check(fstatfs(directory, &system), "fstatfs");
    if (system.f_type != type) errno = EXDEV, check(-1, "find the file system just mounted");
}

static void set_attributes(int tree, uint64_t set, uint64_t clear) {
    struct mount_attr attributes = {.attr_set = set, .attr_clr = clear};
    check(mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes), "mount_setattr");
}

static void attach(int tree, int target) {
    check(move_mount(tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), "move_mount");
}

static void change_root(void) {
    check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "keep mounts from reaching the host");
    for (int i = 0; i < cgroups->count && !cgroups->only_v2; i++)
        if (!cgroups->at[i].unified)
            cgroups->at[i].tree =
                check(open_tree(AT_FDCWD, cgroups->at[i].group, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), "pick a cgroup");
    root = check(
        open_tree(AT_FDCWD, rootfs, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW), rootfs);
    check(move_mount(root, "", AT_FDCWD, rootfs, MOVE_MOUNT_F_EMPTY_PATH), "mount the root file system");
    for (int i = 0; i < cgroups->count; i++)
        if (!cgroups->at[i].unified) check(write(cgroups->at[i].entrance, "0", 1), "enter a cgroup");
    if (cgroups->only_v2) check(unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
}

static void pivot(void) {
    check(fchdir(root), "enter the root file system");
    check(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    check(umount2(".", MNT_DETACH), "let the host's root go");
}

static void mount_proc(void) {
    struct statx status;
    mount_here(plain_directory("proc"), "proc", "proc", 0, NULL);
    proc = plain_directory("proc");
    check_type(proc, PROC_SUPER_MAGIC);
    check(statx(proc, "", AT_EMPTY_PATH, STATX_INO, &status), "statx");
    if (status.stx_ino != 1) errno = EXDEV, check(-1, "find the root of the procfs just made");
}

static void mount_in_dev(const char *name, const char *source, const char *type, unsigned long flags, const char *data) {
    check(mkdirat(dev, name, 0755), name);
    mount_here(check(openat(dev, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), name), source, type, flags, data);
}

static void mount_dev(void) {
    mount_here(plain_directory("dev"), "tmpfs", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
    dev = plain_directory("dev");
    check_mount_root(dev);
    check_type(dev, TMPFS_MAGIC);
    mount_in_dev("pts", "devpts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
    mount_in_dev("shm", "shm", "tmpfs", SAFE, "mode=1777,size=65536k");
    mount_in_dev("mqueue", "mqueue", "mqueue", SAFE, NULL);
}

static void mount_sys(void) {
    mount_here(plain_directory("sys"), "sysfs", "sysfs", SAFE | MS_RDONLY, NULL);
    int top = check(look(root, "sys/fs/cgroup", O_DIRECTORY, RESOLVE_NO_MAGICLINKS), "/sys/fs/cgroup");
    if (cgroups->only_v2) {
        mount_here(top, "cgroup", "cgroup2", SAFE | MS_RDONLY | MS_RELATIME, NULL);
        return;
    }
    mount_here(top, "tmpfs", "tmpfs", SAFE, "mode=755");
    top = check(look(root, "sys/fs/cgroup", O_DIRECTORY, RESOLVE_NO_MAGICLINKS), "/sys/fs/cgroup");
    check_mount_root(top);
    for (int i = 0; i < cgroups->count; i++) {
        const struct hierarchy *hierarchy = &cgroups->at[i];
        if (hierarchy->unified) continue;
        check(mkdirat(top, hierarchy->name, 0755), hierarchy->name);
        set_attributes(hierarchy->tree,
            MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, MOUNT_ATTR__ATIME);
        check(move_mount(hierarchy->tree, "", top, hierarchy->name, MOVE_MOUNT_F_EMPTY_PATH), hierarchy->name);
    }
    set_attributes(top, MOUNT_ATTR_RDONLY, 0);
}

static void make_devices(void) {
    static const struct { const char *name; int major, minor; } devices[] = {
        {"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0},
    };
    static const char *const links[][2] = {
        {"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"},
        {"pts/ptmx", "ptmx"},
    };
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        check(mknodat(dev, devices[i].name, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor)), devices[i].name);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        check(symlinkat(links[i][0], dev, links[i][1]), links[i][1]);
}

/* Directories are covered by an empty tmpfs, files by the null device, what is not there by nothing. */
static void mask(int from, const char *path, uint64_t resolve, int is_directory) {
    int target = look(from, path, 0, resolve);
    if (target < 0) return;
    if (is_directory) mount_here(target, "tmpfs", "tmpfs", SAFE | MS_RDONLY, "size=0,nr_inodes=1");
    else attach(check(open_tree(null_device, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH), path), target);
}

static void mask_paths(void) {
    struct statx status;
    null_device = check(look(root, "dev/null", 0, RESOLVE_NO_SYMLINKS), "open /dev/null");
    check(statx(null_device, "", AT_EMPTY_PATH, STATX_TYPE, &status), "statx");
    if (status.stx_rdev_major != 1 || status.stx_rdev_minor != 3) errno = ENODEV, check(-1, "find the null device");
    mask(proc, "acpi", RESOLVE_NO_SYMLINKS, 1);
    mask(proc, "asound", RESOLVE_NO_SYMLINKS, 1);
    mask(proc, "kcore", RESOLVE_NO_SYMLINKS, 0);
    mask(proc, "keys", RESOLVE_NO_SYMLINKS, 0);
    mask(proc, "latency_stats", RESOLVE_NO_SYMLINKS, 0);
    mask(proc, "timer_list", RESOLVE_NO_SYMLINKS, 0);
    mask(proc, "timer_stats", RESOLVE_NO_SYMLINKS, 0);
    mask(proc, "sched_debug", RESOLVE_NO_SYMLINKS, 0);
    mask(root, "sys/firmware", RESOLVE_NO_MAGICLINKS, 1);
    mask(proc, "scsi", RESOLVE_NO_SYMLINKS, 1);
}

static void make_read_only(void) {
    static const char *const paths[] = {"bus", "fs", "irq", "sys", "sysrq-trigger"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int target = look(proc, paths[i], 0, RESOLVE_NO_SYMLINKS);
        if (target < 0) continue;
        int tree = check(
            open_tree(target, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE), paths[i]);
        set_attributes(tree, MOUNT_ATTR_RDONLY, 0);
        attach(tree, target);
    }
    set_attributes(root, MOUNT_ATTR_RDONLY, 0);
}

static void name_host(void) {
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    check(sethostname("runc", 4), "sethostname");
    int interfaces = check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    check(ioctl(interfaces, SIOCSIFFLAGS, &loopback), "bring the loopback interface up");
}

static void give_up_rights(void) {
    const struct rlimit files = {1024, 1024};
    const unsigned kept = 1u << CAP_KILL | 1u << CAP_NET_BIND_SERVICE | 1u << CAP_AUDIT_WRITE;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct sets[2] = {{.effective = kept, .permitted = kept}};
    check(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, NULL), "set RLIMIT_NOFILE");
    check(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor"), "join a new keyring");
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs");
    for (int capability = 0; capability <= CAP_LAST_CAP; capability++)
        if (capability > 31 || !(kept >> capability & 1)) check(prctl(PR_CAPBSET_DROP, capability), "drop a capability");
    check(syscall(SYS_setgroups, 0, NULL), "setgroups");
    check(syscall(SYS_setresgid, 0, 0, 0), "setresgid");
    check(syscall(SYS_setresuid, 0, 0, 0), "setresuid");
    check(syscall(SYS_capset, &header, sets), "capset");
}

static void execute(void) {
    static const char *const places[] = {
        "/usr/local/sbin/true", "/usr/local/bin/true", "/usr/sbin/true", "/usr/bin/true", "/sbin/true", "/bin/true",
    };
    static char *const arguments[] = {"true", NULL};
    static char *const environment[] = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", "HOME=/root", NULL,
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) execve(places[i], arguments, environment);
    check(-1, "execute 'true'");
}

static void child(void) {
    static char directory[4096];
    struct sigaction by_default = {.sa_handler = SIG_DFL};
    syscall(SYS_rt_sigaction, SIGPIPE, &by_default, NULL, 8);
    change_root();
    mode_t mask_of_modes = umask(0);
    pivot();
    mount_proc();
    mount_dev();
    mount_sys();
    make_devices();
    setsid();
    mask_paths();
    make_read_only();
    name_host();
    give_up_rights();
    check(fchdir(root), "enter the working directory");
    check(syscall(SYS_getcwd, directory, sizeof directory), "getcwd");
    if (directory[0] != '/') errno = EXDEV, check(-1, "find the working directory");
    umask(mask_of_modes);
    check(close_range(3, ~0u, CLOSE_RANGE_CLOEXEC), "close_range");
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, 8);
    execute();
}

/* The child goes on below this function's stack, which stays as it is, for the parent sleeps until the child executes. */
static long clone_here(struct clone_args *arguments) {
    register void (*entry)(void) __asm__("r8") = child;
    long result;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "sub $128, %%rsp\n\t"
        "and $-16, %%rsp\n\t"
        "call *%%r8\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"(SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "r"(entry)
        : "rcx", "r11", "memory");
    return result;
}

int launch(const char *directory, struct cgroups *groups) {
    static int process;
    sigset_t all;
    struct clone_args arguments = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
            CLONE_NEWPID | CLONE_NEWNET | (groups->unified < 0 ? 0 : CLONE_INTO_CGROUP),
        .pidfd = (uint64_t)(uintptr_t)&process,
        .exit_signal = SIGCHLD,
        .cgroup = groups->unified < 0 ? 0 : groups->at[groups->unified].entrance,
    };
    rootfs = directory;
    cgroups = groups;
    sigfillset(&all);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, &mask_before, 8);
    long result = clone_here(&arguments);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, 8);
    if (result < 0) errno = -result;
    check(result, "clone3");
    return process;
}
