# Tries attacks on what is outside of a sandbox: attack.py KIND ARGUMENTS. Says of each "out" where the kernel let it, and else by
# which errno it was held; what became of the victim is looked at from outside, whatever this says. Where an attack succeeds it
# harms nobody but the victim, or does what has no effect.
import ctypes, errno, fcntl, mmap, os, resource, signal, socket, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = libc.shmat.restype = ctypes.c_long
AT = dict(
    kcmp=312, process_vm_readv=310, process_vm_writev=311, pidfd_open=434, pidfd_getfd=438, pidfd_send_signal=424,
    process_madvise=440, process_mrelease=448, migrate_pages=256, move_pages=279, ioprio_set=251, sched_setattr=314,
    sched_setaffinity=203, sched_setscheduler=144, sched_setparam=142, setpriority=141, prlimit64=302, setrlimit=160,
    rt_sigqueueinfo=129, rt_tgsigqueueinfo=297, tgkill=234, tkill=200, ptrace=101, shmget=29, shmat=30, shmctl=31,
    semget=64, semop=65, semctl=66, msgget=68, msgsnd=69, msgrcv=70, msgctl=71, mq_open=240, mq_unlink=241, add_key=248,
    request_key=249, keyctl=250, io_setup=206, io_uring_setup=425, bpf=321, perf_event_open=298, userfaultfd=323,
    unshare=272, setns=308, mount=165, umount2=166, pivot_root=155, chroot=161, open_tree=428, fsopen=430, mknodat=259,
    open_by_handle_at=304, name_to_handle_at=303, syslog=103, sethostname=170, setdomainname=171, clock_settime=227,
    clock_adjtime=305, settimeofday=164, swapon=167, reboot=169, kexec_load=246, init_module=175, quotactl=179, acct=163,
    iopl=172, ioperm=173, vhangup=153, personality=135, modify_ldt=154, fanotify_init=300, clone=56, clone3=435,
    fchmodat2=452, file_setattr=469, chmod=90, fchmod=91, fchmodat=268, lookup_dcookie=212, setpgid=109, fcntl=72, prctl=157, timer_create=222,
    seccomp=317, landlock_restrict_self=446, socket=41, delete_module=176, move_mount=429, mount_setattr=442,
)
HIGH = 1 << 32  # of an int argument the kernel does not look at these bits


def call(name, *given):
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in given] + [ctypes.c_long(0)] * (6 - len(given))
    result = libc.syscall(ctypes.c_long(AT[name]), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def words(*values):
    return ctypes.create_string_buffer(struct.pack("<%dQ" % len(values), *values))


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    os.write(file, text.encode())


def read(path):
    with open(path, "rb") as file:
        return file.read(4096)


# Other processes.
def signal_by_owner(pid):
    here, there = socket.socketpair()
    fcntl.fcntl(here, 10, signal.SIGTERM)  # F_SETSIG
    fcntl.fcntl(here, fcntl.F_SETOWN, pid)
    fcntl.fcntl(here, fcntl.F_SETFL, os.O_ASYNC)
    there.send(b"x")


PROCESSES = dict(
    limit_cpu=lambda pid: call("prlimit64", pid, resource.RLIMIT_CPU, words(1, 1)),
    limit_file_size=lambda pid: call("prlimit64", pid, resource.RLIMIT_FSIZE, words(0, 0)),
    limit_open_files=lambda pid: call("prlimit64", pid, resource.RLIMIT_NOFILE, words(0, 0)),
    limit_memory=lambda pid: call("prlimit64", pid, resource.RLIMIT_AS, words(1, 1)),
    limit_by_more_bits=lambda pid: call("prlimit64", pid | HIGH, resource.RLIMIT_FSIZE, words(0, 0)),
    nice=lambda pid: call("setpriority", 0, pid, -9),
    nice_by_more_bits=lambda pid: call("setpriority", HIGH, pid | HIGH, -9),
    nice_group=lambda pid: call("setpriority", 1, os.getpgid(pid), -9),
    nice_user=lambda pid: call("setpriority", 2, os.stat("/proc/%d" % pid).st_uid, -9),
    nice_own_user=lambda pid: call("setpriority", 2, 0, -9),
    nice_own_user_by_more_bits=lambda pid: call("setpriority", 2 | HIGH, 0, -9),
    io_priority=lambda pid: call("ioprio_set", 1, pid, 2 << 13 | 4),
    io_priority_of_user=lambda pid: call("ioprio_set", 3, os.stat("/proc/%d" % pid).st_uid, 2 << 13 | 4),
    io_priority_of_own_user_by_more_bits=lambda pid: call("ioprio_set", 3 | HIGH, 0, 2 << 13 | 4),
    affinity=lambda pid: call("sched_setaffinity", pid, 8, words(1)),
    idle=lambda pid: call("sched_setscheduler", pid, 5, words(0)),
    idle_by_attributes=lambda pid: call("sched_setattr", pid, words(48 | 5 << 32, 0, 0, 0, 0, 0), 0),
    batch_by_more_bits=lambda pid: call("sched_setscheduler", pid | HIGH, 3, words(0)),
    kill=lambda pid: os.kill(pid, signal.SIGTERM),
    kill_thread=lambda pid: call("tgkill", pid, pid, signal.SIGTERM),
    kill_any_thread=lambda pid: call("tkill", pid, signal.SIGTERM),
    kill_with_value=lambda pid: call("rt_sigqueueinfo", pid, signal.SIGTERM, words(signal.SIGTERM, 0xFFFFFFFF, *[0] * 14)),
    kill_by_descriptor=lambda pid: call("pidfd_send_signal", call("pidfd_open", pid, 0), signal.SIGTERM, 0, 0),
    stop=lambda pid: os.kill(pid, signal.SIGSTOP),
    trace=lambda pid: call("ptrace", 16, pid, 0, 0),
    seize=lambda pid: call("ptrace", 0x4206, pid, 0, 0),
    descriptor=lambda pid: call("pidfd_getfd", call("pidfd_open", pid, 0), 0, 0),
    compare=lambda pid: call("kcmp", os.getpid(), pid, 1, 0, 0),
    advise=lambda pid: call("process_madvise", call("pidfd_open", pid, 0), words(4096, 4096), 1, 21, 0),
    take_memory=lambda pid: call("process_mrelease", call("pidfd_open", pid, 0), 0),
    migrate=lambda pid: call("migrate_pages", pid, 1, words(1), words(1)),
    move=lambda pid: call("move_pages", pid, 1, words(4096), words(0), words(0), 2),
    process_group=lambda pid: os.setpgid(pid, 0),
    join_namespace=lambda pid: call("setns", call("pidfd_open", pid, 0), 0x20000),
    memory=lambda pid: open("/proc/%d/mem" % pid, "rb").read(1),
    write_memory=lambda pid: open("/proc/%d/mem" % pid, "r+b"),
    environment=lambda pid: read("/proc/%d/environ" % pid),
    maps=lambda pid: read("/proc/%d/maps" % pid),
    auxiliary=lambda pid: read("/proc/%d/auxv" % pid),
    descriptors=lambda pid: os.readlink("/proc/%d/fd/0" % pid),
    standard_input=lambda pid: os.open("/proc/%d/fd/0" % pid, os.O_RDONLY),
    root=lambda pid: os.listdir("/proc/%d/root/" % pid),
    directory=lambda pid: os.listdir("/proc/%d/cwd/" % pid),
    executable=lambda pid: os.readlink("/proc/%d/exe" % pid),
    calls=lambda pid: read("/proc/%d/syscall" % pid),
    kernel_stack=lambda pid: read("/proc/%d/stack" % pid),
    io=lambda pid: read("/proc/%d/io" % pid),
    oom_score=lambda pid: write("/proc/%d/oom_score_adj" % pid, "1000"),
    name=lambda pid: write("/proc/%d/comm" % pid, "owned"),
    name_of_thread=lambda pid: write("/proc/%d/task/%d/comm" % (pid, pid), "owned"),
    slack=lambda pid: write("/proc/%d/timerslack_ns" % pid, "1000000000"),
    dump_filter=lambda pid: write("/proc/%d/coredump_filter" % pid, "ff"),
    references=lambda pid: write("/proc/%d/clear_refs" % pid, "1"),
    autogroup=lambda pid: write("/proc/%d/autogroup" % pid, "19"),
    schedule=lambda pid: write("/proc/%d/sched" % pid, "0"),
    login=lambda pid: write("/proc/%d/loginuid" % pid, "1234"),
    label=lambda pid: write("/proc/%d/attr/current" % pid, "owned"),
    signal_by_owner=signal_by_owner,
)


def daemon(mark):
    # Twice forked, in a session of its own, without pipes, not to die with anybody.
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            call("prctl", 1, 0)  # PR_SET_PDEATHSIG
            for stream in (0, 1, 2):
                os.dup2(os.open("/dev/null", os.O_RDWR), stream)
            os.execv("/usr/bin/sleep", ["sleep", str(mark)])
        os._exit(0)
    os.wait()


def guards(mark):
    daemon(mark)
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if read("/proc/%s/cmdline" % process) == b"tare-guard\0" and os.stat("/proc/" + process).st_uid == os.getuid():
                for name, attack in PROCESSES.items():
                    print("%s: %s" % (name, attempt(attack, [int(process)])))
        except OSError:
            pass


def outlive(mark):
    daemon(mark)
    call("prctl", 1, 0)
    os.execv("/usr/bin/sleep", ["sleep", str(mark)])


# Objects of System V and POSIX, known by number or name to all of the machine or of an IPC namespace. KEY is of all of them.
def use_memory(key):
    address = call("shmat", call("shmget", key, 4096, 0), 0, 0)
    return ctypes.string_at(address, 6)


def change_memory(key):
    ctypes.memmove(call("shmat", call("shmget", key, 4096, 0), 0, 0), b"owned!", 6)


def any_of(remove, most=4096):
    # By number, since the key may be unknown.
    done = OSError(errno.ENOENT, "none")
    for number in range(most):
        try:
            return remove(number)
        except OSError as failure:
            done = failure if failure.errno != errno.EINVAL else done
    raise done


IPC = dict(
    memory=use_memory,
    change_memory=change_memory,
    remove_memory=lambda key: call("shmctl", call("shmget", key, 0, 0), 0, 0),
    attach_by_number=lambda key: any_of(lambda number: call("shmat", number, 0, 0o10000)),
    semaphore=lambda key: call("semop", call("semget", key, 0, 0), ctypes.create_string_buffer(struct.pack("<Hhh", 0, 1, 0)), 1),
    remove_semaphore=lambda key: call("semctl", call("semget", key, 0, 0), 0, 0, 0),
    message=lambda key: call("msgrcv", call("msgget", key, 0), ctypes.create_string_buffer(64), 32, 0, 0o4000),
    remove_message_queue=lambda key: call("msgctl", call("msgget", key, 0), 0, 0),
    read_queue=lambda key: os.read(call("mq_open", b"tare-%d" % key, os.O_RDWR, 0, 0), 0),
    remove_queue=lambda key: call("mq_unlink", b"tare-%d" % key),
    leave_memory=lambda key: call("shmget", key + 1, 1 << 20, 0o1600),
    leave_semaphore=lambda key: call("semget", key + 1, 4, 0o1600),
    leave_messages=lambda key: call("msgget", key + 1, 0o1600),
    leave_queue=lambda key: call("mq_open", b"tare-%d" % (key + 1), os.O_RDWR | os.O_CREAT, 0o600, 0),
)


def make_ipc(key):
    ctypes.memmove(call("shmat", call("shmget", key, 4096, 0o1600), 0, 0), b"intact", 6)
    call("semget", key, 1, 0o1600)
    call("msgsnd", call("msgget", key, 0o1600), ctypes.create_string_buffer(struct.pack("<q8s", 1, b"intact")), 8, 0)
    call("mq_open", b"tare-%d" % key, os.O_RDWR | os.O_CREAT, 0o600, 0)


def look_at_ipc(key):
    def there(what, *given):
        try:
            return call(what, *given)
        except OSError:
            return None

    print(use_memory(key).decode() if there("shmget", key, 0, 0) is not None else "no memory", end=" ")
    count = there("semget", key, 0, 0)
    print(call("semctl", count, 0, 12, 0) if count is not None else "no semaphore", end=" ")
    queue, status = there("msgget", key, 0), ctypes.create_string_buffer(256)
    print(
        call("msgctl", queue, 2, status) or struct.unpack_from("<Q", status, 80)[0] if queue is not None else "no messages",
        end=" ",
    )
    print("queue" if there("mq_open", b"tare-%d" % key, os.O_RDONLY, 0, 0) is not None else "no queue")


def remove_ipc(key):
    for each in (key, key + 1):
        for remove in ("remove_memory", "remove_semaphore", "remove_message_queue", "remove_queue"):
            try:
                IPC[remove](each)
            except OSError:
                pass



# Files: of the same user. HIDDEN cannot be reached, READABLE can be read, WRITABLE is a directory to write in.
def reopen(path):
    return os.open("/proc/self/fd/%d" % os.open(path, os.O_RDONLY), os.O_RDWR)


def made(name, mode=0o755):
    path = os.path.join(sys.argv[4], name)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, mode))
    return path


def through_link(outside, name):
    path = os.path.join(sys.argv[4], name)
    os.symlink(outside, path)
    write(path, "owned")


def flags(path):
    fcntl.ioctl(os.open(path, os.O_RDONLY), 0x40086602, struct.pack("<Q", 0x40))  # FS_IOC_SETFLAGS, FS_NODUMP_FL


def project(path):
    fcntl.ioctl(os.open(path, os.O_RDONLY), 0x401C5820, bytes(28))  # FS_IOC_FSSETXATTR


def watch(path):
    if libc.inotify_add_watch(libc.inotify_init(), path.encode(), 2) < 0:
        raise OSError(ctypes.get_errno(), "inotify_add_watch")


def by_handle(path):
    handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0) + bytes(128))
    call("name_to_handle_at", -100, path.encode(), handle, ctypes.create_string_buffer(8), 0)
    return call("open_by_handle_at", os.open(sys.argv[4], os.O_RDONLY), handle, os.O_RDONLY)


FILES = dict(
    read_hidden=lambda hidden, readable: read(hidden),
    list_hidden=lambda hidden, readable: os.listdir(os.path.dirname(hidden)),
    write_hidden=lambda hidden, readable: write(hidden, "owned"),
    truncate_hidden=lambda hidden, readable: os.truncate(hidden, 0),
    remove_hidden=lambda hidden, readable: os.unlink(hidden),
    make_beside_hidden=lambda hidden, readable: os.mkdir(hidden + "-made"),
    unnamed_beside_hidden=lambda hidden, readable: os.open(os.path.dirname(hidden), os.O_RDWR | os.O_TMPFILE, 0o600),
    link_hidden=lambda hidden, readable: os.link(hidden, os.path.join(sys.argv[4], "linked")),
    move_hidden=lambda hidden, readable: os.rename(hidden, os.path.join(sys.argv[4], "moved")),
    move_out=lambda hidden, readable: os.rename(made("out"), hidden),
    link_out=lambda hidden, readable: os.link(made("out"), hidden + "-made"),
    through_link=lambda hidden, readable: through_link(hidden, "symbolic"),
    through_own_root=lambda hidden, readable: read("/proc/self/root" + hidden),
    through_first_process=lambda hidden, readable: read("/proc/1/root" + hidden),
    upwards=lambda hidden, readable: read("/".join([".."] * 40) + hidden),
    execute_hidden=lambda hidden, readable: os.execv(hidden, [hidden]),
    by_handle=lambda hidden, readable: by_handle(hidden),
    write_readable=lambda hidden, readable: write(readable, "owned"),
    reopen_readable=lambda hidden, readable: reopen(readable),
    truncate_readable=lambda hidden, readable: os.truncate(readable, 0),
    remove_readable=lambda hidden, readable: os.unlink(readable),
    map_readable=lambda hidden, readable: mmap.mmap(os.open(readable, os.O_RDONLY), 4, mmap.MAP_SHARED),
    lease=lambda hidden, readable: call("fcntl", os.open(readable, os.O_RDONLY), 1024, 0),
    lease_by_more_bits=lambda hidden, readable: call("fcntl", os.open(readable, os.O_RDONLY), 1024 | HIGH, 0),
    delegation=lambda hidden, readable: call("fcntl", os.open(readable, os.O_RDONLY), 1040, words(0, 0)),
    set_user_id=lambda hidden, readable: call("chmod", made("suid").encode(), 0o4755),
    set_user_id_by_more_bits=lambda hidden, readable: call("chmod", made("suid").encode(), 0o4755 | HIGH),
    set_user_id_by_descriptor=lambda hidden, readable: call("fchmod", os.open(made("suid"), os.O_RDONLY), 0o4755),
    set_user_id_by_directory=lambda hidden, readable: call("fchmodat", -100, made("suid").encode(), 0o6755),
    set_user_id_newer=lambda hidden, readable: call("fchmodat2", -100, made("suid").encode(), 0o4711, 0),
    flags=lambda hidden, readable: flags(made("plain")),
    project=lambda hidden, readable: project(made("plain")),
    project_newer=lambda hidden, readable: call("file_setattr", -100, made("plain").encode(), words(0, 0, 0), 24, 0),
    device=lambda hidden, readable: os.mknod(os.path.join(sys.argv[4], "kmsg"), 0o20600, os.makedev(1, 11)),
    disk=lambda hidden, readable: os.mknod(os.path.join(sys.argv[4], "disk"), 0o60600, os.makedev(254, 0)),
    whiteout=lambda hidden, readable: os.mknod(os.path.join(sys.argv[4], "whiteout"), 0o20000, 0),
    owner=lambda hidden, readable: os.chown(made("given"), 1234, 1234),
    capabilities=lambda hidden, readable: os.setxattr(
        made("able"), "security.capability", struct.pack("<IIIII", 0x2000001, 0xFFFFFFFF, 0, 0, 0)
    ),
)

# What only mounts hold: at level Process the owner of a file outside can do this.
OWNERS = dict(
    mode=lambda hidden, readable: os.chmod(readable, 0o777),
    mode_hidden=lambda hidden, readable: os.chmod(hidden, 0o777),
    times=lambda hidden, readable: os.utime(readable, (1, 1)),
    attribute=lambda hidden, readable: os.setxattr(readable, "user.owned", b"1"),
    look_at_hidden=lambda hidden, readable: os.stat(hidden),
    watch_hidden=lambda hidden, readable: watch(os.path.dirname(hidden)),
    mode_of_device=lambda hidden, readable: os.chmod("/dev/null", 0o666),
    times_of_device=lambda hidden, readable: os.utime("/dev/null", (1, 1)),
)


# The machine.


def key(name):
    return b"user\0", name.encode() + b"\0"


MACHINE = dict(
    mount=lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, 0),
    new_mount=lambda: call("fsopen", b"tmpfs", 0),
    copy_mount=lambda: call("open_tree", -100, b"/", 1),
    unmount=lambda: call("umount2", b"/proc", 2),
    make_writable=lambda: call("mount_setattr", -100, b"/", 0, words(0, 1, 0, 0), 32),
    new_root=lambda: call("chroot", b"/"),
    pivot=lambda: call("pivot_root", b".", b"."),
    user_namespace=lambda: call("unshare", 0x10000000),
    mount_namespace=lambda: call("unshare", 0x20000),
    process_namespace=lambda: call("unshare", 0x20000000),
    time_namespace=lambda: call("unshare", 0x80),
    cloned_user_namespace=lambda: call("clone", 0x10000011, 0, 0, 0, 0) or os._exit(0),
    cloned_newer=lambda: call("clone3", words(0x10000000, 0, 0, 0, 17, 0, 0, 0), 64) or os._exit(0),
    join=lambda: call("setns", os.open("/proc/self/ns/net", os.O_RDONLY), 0),
    join_first=lambda: call("setns", os.open("/proc/1/ns/mnt", os.O_RDONLY), 0),
    bpf=lambda: call("bpf", 0, words(0x0000000400000002, 0x0000000100000004, 0), 72),
    perf=lambda: call("perf_event_open", ctypes.create_string_buffer(struct.pack("<IIQ", 1, 112, 0), 112), -1, 0, -1, 0),
    io_uring=lambda: call("io_uring_setup", 1, ctypes.create_string_buffer(120)),
    asynchronous_io=lambda: call("io_setup", 1024, words(0)),
    page_faults=lambda: call("userfaultfd", 1),
    watch_files=lambda: call("fanotify_init", 0, 0),
    add_key=lambda: call("add_key", *key("owned"), b"x", 1, -4),
    find_key=lambda: call("request_key", *key("owned"), 0, 0),
    read_keyring=lambda: call("keyctl", 11, -4, 0, 0),
    join_keyring=lambda: call("keyctl", 1, 0),
    kernel_log=lambda: call("syslog", 3, ctypes.create_string_buffer(64), 64),
    host_name=lambda: call("sethostname", *(lambda name: (name, len(name)))(os.uname().nodename.encode())),
    domain_name=lambda: call("setdomainname", b"", 0),
    clock=lambda: call("clock_settime", 0, words(0, 0)),
    clock_rate=lambda: call("clock_adjtime", 0, ctypes.create_string_buffer(struct.pack("<I", 0x4000), 208)),
    time=lambda: call("settimeofday", 0, words(0)),
    swap=lambda: call("swapon", b"/nowhere", 0),
    reboot=lambda: call("reboot", 0xFEE1DEAD, 672274793, 0, 0),
    kexec=lambda: call("kexec_load", 0, 0, 0, 0),
    module=lambda: call("init_module", 0, 0, b""),
    remove_module=lambda: call("delete_module", b"nowhere", 0o4000),
    quota=lambda: call("quotactl", 0x80000100, b"/dev/nowhere", 0, 0),
    accounting=lambda: call("acct", b"/nowhere"),
    ports=lambda: call("iopl", 3),
    some_ports=lambda: call("ioperm", 0x80, 1, 1),
    hang_up=lambda: call("vhangup"),
    fixed_addresses=lambda: call("personality", 0x40000),
    read_implies_execute=lambda: call("personality", 0x400000),
    kernel_log_device=lambda: os.open("/dev/kmsg", os.O_RDONLY),
    kernel_log_file=lambda: os.open("/proc/kmsg", os.O_RDONLY | os.O_NONBLOCK),
    memory_device=lambda: os.open("/dev/mem", os.O_RDONLY),
    kernel_memory=lambda: os.open("/proc/kcore", os.O_RDONLY),
    terminals=lambda: os.open("/dev/tty", os.O_RDWR),
    console=lambda: os.open("/dev/console", os.O_RDWR),
    new_terminal=lambda: os.open("/dev/ptmx", os.O_RDWR),
    fuse=lambda: os.open("/dev/fuse", os.O_RDWR),
    kvm=lambda: os.open("/dev/kvm", os.O_RDWR),
    core_pattern=lambda: os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    modprobe=lambda: os.open("/proc/sys/kernel/modprobe", os.O_WRONLY),
    overcommit=lambda: os.open("/proc/sys/vm/overcommit_memory", os.O_WRONLY),
    system_request=lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY),
    binary_formats=lambda: os.open("/proc/sys/fs/binfmt_misc/register", os.O_WRONLY),
    huge_pages=lambda: os.open("/sys/kernel/mm/transparent_hugepage/enabled", os.O_WRONLY),
    new_cgroup=lambda: os.mkdir("/sys/fs/cgroup/owned"),
    leave_cgroup=lambda: write("/sys/fs/cgroup/cgroup.procs", "0"),
    leave_memory_cgroup=lambda: write("/sys/fs/cgroup/memory/cgroup.procs", "0"),
    leave_process_cgroup=lambda: write("/sys/fs/cgroup/pids/cgroup.procs", "0"),
    leave_unified_cgroup=lambda: write("/sys/fs/cgroup/unified/cgroup.procs", "0"),
    own_oom_score=lambda: write("/proc/self/oom_score_adj", "-1000"),
    push_input=lambda: fcntl.ioctl(0, 0x5412, b"x"),  # TIOCSTI
    foreground=lambda: os.tcsetpgrp(0, os.getpgrp()),
    shadow=lambda: read("/etc/shadow"),
    become_root=lambda: os.setuid(0 if os.getuid() else 1234),
    more_groups=lambda: os.setgroups([0, 42]),
    socket_to_host=lambda: socket.socket(40, socket.SOCK_STREAM),  # AF_VSOCK
    raw_socket=lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    packets=lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0),
    more_files=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20)),
    larger_dumps=lambda: resource.prlimit(0, resource.RLIMIT_CORE, (0, 0)),
)


# Ways of making calls that no rule is about. Each ends the process where it is held.
def narrow_call():
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid of i386); int 0x80; ret
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


def x32_call():
    return libc.syscall(ctypes.c_long(0x40000000 | 39))


def number(text):
    return int(text) if text.lstrip("-").isdigit() else text


def attempt(attack, given):
    try:
        said = attack(*given)
        return "out" if said is None else "out %r" % (said,)
    except OSError as failure:
        return "held " + errno.errorcode.get(failure.errno, str(failure.errno))
    except ValueError as failure:  # as Python says some EPERM
        return "held %s" % failure


def main(kind, *given):
    given = [os.getppid() if word == "parent" else number(word) for word in given]
    what = globals()[kind]
    if callable(what):
        print(attempt(what, given))
    else:
        for name, attack in what.items():
            print("%s: %s" % (name, attempt(attack, given[:2])), flush=True)


if sys.argv[1:]:
    main(*sys.argv[1:])
