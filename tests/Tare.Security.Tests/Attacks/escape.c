// Tries one way out of a container, by name. Says "out" and ends with 0 where it leads out; else says at which call and by
// which errno it was held, and ends with 1.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int held(const char *where)
{
    printf("held at %s: %s\n", where, strerrorname_np(errno));
    return 1;
}

static int out(void)
{
    puts("out");
    return 0;
}

// The files are never changed: that they can be opened for writing is enough.
static int writable(const char *path)
{
    return open(path, O_WRONLY) < 0 ? held(path) : out();
}

static int device(mode_t type, int major, int minor)
{
    const char *path = "/tmp/device";
    unlink(path);
    if (mknod(path, type | 0600, makedev(major, minor)) != 0)
        return held("mknod");
    int file = open(path, O_RDONLY | O_NONBLOCK);
    int why = errno;
    unlink(path);
    errno = why;
    return file < 0 ? held("open") : out();
}

static int kmsg(const char *unused)
{
    (void)unused;
    return device(S_IFCHR, 1, 11);
}

static int memory_device(const char *unused)
{
    (void)unused;
    return device(S_IFCHR, 1, 1);
}

// Any disk of the host: the first of /proc/partitions.
static int disk(const char *unused)
{
    (void)unused;
    char line[256];
    int major, minor;
    FILE *partitions = fopen("/proc/partitions", "r");
    while (partitions && fgets(line, sizeof line, partitions))
        if (sscanf(line, "%d %d", &major, &minor) == 2)
            return device(S_IFBLK, major, minor);
    errno = ENODEV;
    return held("/proc/partitions");
}

static int mount_tmpfs(const char *unused)
{
    (void)unused;
    return mount("tmpfs", "/tmp", "tmpfs", 0, "") != 0 ? held("mount") : out();
}

static int remount_root(const char *unused)
{
    (void)unused;
    return mount("", "/", "", MS_REMOUNT | MS_BIND, "") != 0 ? held("mount") : out();
}

static int unmount(const char *path)
{
    return umount2(path, MNT_DETACH) != 0 ? held("umount2") : out();
}

static int write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    ssize_t length = file < 0 ? -1 : write(file, text, strlen(text));
    if (file >= 0)
        close(file);
    return length < 0 ? -1 : 0;
}

// Root of a user namespace of one's own has all capabilities over what belongs to that.
static int become_root(int flags)
{
    char map[64];
    int uid = getuid(), gid = getgid();
    if (unshare(CLONE_NEWUSER | flags) != 0)
        return held("unshare");
    write_text("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %d 1", uid);
    if (write_text("/proc/self/uid_map", map) != 0)
        return held("uid_map");
    snprintf(map, sizeof map, "0 %d 1", gid);
    if (write_text("/proc/self/gid_map", map) != 0)
        return held("gid_map");
    return 0;
}

static int unmask(const char *path)
{
    if (become_root(CLONE_NEWNS) != 0)
        return 1;
    return umount2(path, MNT_DETACH) != 0 ? held("umount2") : out();
}

static int make_writable(const char *path)
{
    if (become_root(CLONE_NEWNS) != 0)
        return 1;
    if (mount("", path, "", MS_REMOUNT | MS_BIND, "") != 0)
        return held("mount");
    return out();
}

// A procfs without the masks.
static int new_proc(const char *unused)
{
    (void)unused;
    if (become_root(CLONE_NEWNS | CLONE_NEWPID) != 0)
        return 1;
    pid_t child = fork();
    if (child == 0)
        exit(mount("proc", "/tmp", "proc", 0, "") != 0 ? held("mount") : out());
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

static int new_sysfs(const char *unused)
{
    (void)unused;
    if (become_root(CLONE_NEWNS | CLONE_NEWNET) != 0)
        return 1;
    return mount("sysfs", "/tmp", "sysfs", 0, "") != 0 ? held("mount") : out();
}

// CVE-2022-0492: a hierarchy's release_agent is a program of the host, run as root.
static int release_agent(const char *controller)
{
    if (become_root(CLONE_NEWNS | CLONE_NEWCGROUP) != 0)
        return 1;
    if (mount("cgroup", "/tmp", "cgroup", 0, controller) != 0)
        return held("mount");
    return writable("/tmp/release_agent");
}

static int cgroup(const char *path)
{
    return mkdir(path, 0755) != 0 ? held("mkdir") : (rmdir(path), out());
}

static int host_process(const char *process)
{
    return kill(atoi(process), 0) != 0 ? held("kill") : out();
}

// Its namespaces, by its number as the host counts.
static int join(const char *process)
{
    int descriptor = syscall(SYS_pidfd_open, atoi(process), 0);
    if (descriptor < 0)
        return held("pidfd_open");
    return setns(descriptor, CLONE_NEWNS | CLONE_NEWUTS) != 0 ? held("setns") : out();
}

// Without stopping it: who may do this may do everything to it.
static int trace(const char *process)
{
    return ptrace(PTRACE_SEIZE, atoi(process), 0, 0) != 0 ? held("ptrace") : out();
}

// What a process that is not of this container shows of itself.
static int host_root(const char *path)
{
    return access(path, F_OK) != 0 ? held(path) : out();
}

static int module(const char *unused)
{
    (void)unused;
    // A right to load would have the kernel look at what there is to load.
    return syscall(SYS_init_module, "", 0, "") != 0 && (errno == EPERM || errno == ENOSYS) ? held("init_module") : out();
}

static int kexec(const char *unused)
{
    (void)unused;
    return syscall(SYS_kexec_load, 0, 0, NULL, 0xffff) != 0 && (errno == EPERM || errno == ENOSYS) ? held("kexec_load") : out();
}

static int bpf_program(const char *unused)
{
    (void)unused;
    struct bpf_insn code[] = { { .code = 0xb7, .dst_reg = 0, .imm = 0 }, { .code = 0x95 } };
    union bpf_attr attribute = {
        .prog_type = BPF_PROG_TYPE_KPROBE,
        .insns = (unsigned long)code,
        .insn_cnt = 2,
        .license = (unsigned long)"GPL",
    };
    return syscall(SYS_bpf, BPF_PROG_LOAD, &attribute, sizeof attribute) < 0 ? held("bpf") : out();
}

static int perf(const char *unused)
{
    (void)unused;
    struct perf_event_attr attribute = { .type = PERF_TYPE_SOFTWARE, .size = sizeof attribute, .config = PERF_COUNT_SW_CPU_CLOCK };
    // The whole machine, on its first processor.
    return syscall(SYS_perf_event_open, &attribute, -1, 0, -1, 0) < 0 ? held("perf_event_open") : out();
}

// The "shocker" of 2014: a file of the host by its handle, without a path.
static int handle(const char *unused)
{
    (void)unused;
    struct {
        struct file_handle head;
        unsigned char bytes[8];
    } root = { .head = { .handle_bytes = 8, .handle_type = 1 }, .bytes = { 2 } };
    int mount_point = open("/", O_RDONLY | O_DIRECTORY);
    return open_by_handle_at(mount_point, &root.head, O_RDONLY) < 0 && errno == EPERM ? held("open_by_handle_at") : out();
}

static int setuid_program(const char *program)
{
    pid_t child = fork();
    if (child == 0) {
        if (setresgid(1000, 1000, 1000) != 0 || setresuid(1000, 1000, 1000) != 0)
            _exit(9);
        execl(program, program, "whoami", (char *)NULL);
        _exit(8);
    }
    int status;
    waitpid(child, &status, 0);
    errno = EPERM;
    return WEXITSTATUS(status) == 0 ? out() : held(program);
}

// For setuid_program: who it runs as.
static int whoami(const char *unused)
{
    (void)unused;
    return geteuid() == 0 ? 0 : 1;
}

static int host_name(const char *unused)
{
    (void)unused;
    return sethostname("escaped", 7) != 0 ? held("sethostname") : out();
}

static int change_clock(const char *unused)
{
    (void)unused;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return clock_settime(CLOCK_REALTIME, &now) != 0 ? held("clock_settime") : out();
}

// Text that the terminal's other side takes for typed (CVE-2017-5226).
static int type_ahead(const char *unused)
{
    (void)unused;
    char letter = 'x';
    if (ioctl(0, TIOCSTI, &letter) == 0)
        return out();
    if (errno != EPERM && errno != EIO && errno != ENOTTY)
        return held("TIOCSTI");
    int terminal = open("/dev/tty", O_RDWR);
    if (terminal < 0)
        return held("/dev/tty");
    return ioctl(terminal, TIOCSTI, &letter) == 0 ? out() : held("TIOCSTI");
}

// The classic: a directory is held open outside of a new root, and ".." leads further.
static int leave_chroot(const char *canary)
{
    int before = open("/", O_RDONLY | O_DIRECTORY);
    mkdir("/tmp/new-root", 0755);
    if (chroot("/tmp/new-root") != 0)
        return held("chroot");
    if (fchdir(before) != 0)
        return held("fchdir");
    for (int i = 0; i < 64; i++)
        if (chdir("..") != 0)
            return held("chdir");
    if (chroot(".") != 0)
        return held("chroot");
    if (access(canary, F_OK) != 0)
        return held(canary);
    rmdir("/tmp/new-root");
    return out();
}

static const struct {
    const char *name;
    int (*way)(const char *);
} ways[] = {
    { "writable", writable },           { "kmsg", kmsg },
    { "memory-device", memory_device }, { "disk", disk },
    { "mount", mount_tmpfs },           { "remount-root", remount_root },
    { "unmount", unmount },             { "unmask", unmask },
    { "make-writable", make_writable }, { "new-proc", new_proc },
    { "new-sysfs", new_sysfs },         { "release-agent", release_agent },
    { "cgroup", cgroup },               { "host-process", host_process },
    { "reach", host_root },   { "module", module },
    { "kexec", kexec },                 { "bpf", bpf_program },
    { "perf", perf },                   { "handle", handle },
    { "setuid", setuid_program },       { "whoami", whoami },
    { "host-name", host_name },         { "clock", change_clock },
    { "type-ahead", type_ahead },       { "leave-chroot", leave_chroot },
    { "join", join },                   { "trace", trace },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof *ways; i++)
        if (strcmp(argv[1], ways[i].name) == 0)
            return ways[i].way(argc > 2 ? argv[2] : "");
    return 2;
}
