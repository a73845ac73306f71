using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Seccomp
{
    // kill(2) of USR1 (10) is caught and that of USR2 (12) is not.
    private static readonly (string Operator, string Values)[] Operators =
    [
        ("SCMP_CMP_EQ", "\"value\":10"),
        ("SCMP_CMP_NE", "\"value\":12"),
        ("SCMP_CMP_LT", "\"value\":11"),
        ("SCMP_CMP_LE", "\"value\":10"),
        ("SCMP_CMP_MASKED_EQ", "\"value\":6,\"valueTwo\":2"),
    ];

    public static Group Group { get; } =
        new(
            "Seccomp",
            "config-linux.md: seccomp",
            [
                new(
                    "O-171",
                    "with a profile the program is filtered",
                    site => Assert.Equal(["Seccomp:\t2"], site.Lines("grep Seccomp: /proc/self/status", Profile("")))
                ),
                new(
                    "O-171",
                    "without a profile it is not",
                    site => Assert.Equal(["Seccomp:\t0"], site.Lines("grep Seccomp: /proc/self/status"))
                ),
                new(
                    "O-173",
                    "a call of SCMP_ACT_ERRNO fails with EPERM",
                    site =>
                        Assert.Contains(
                            "Operation not permitted",
                            site.Run("mkdir /tmp/x", Profile(Rule("SCMP_ACT_ERRNO", "mkdir", "mkdirat"))).Errors
                        )
                ),
                new(
                    "O-177",
                    "errnoRet is the error of the call",
                    site =>
                        Assert.Contains(
                            "Function not implemented",
                            site.Run(
                                "mkdir /tmp/x",
                                Profile(Rule("SCMP_ACT_ERRNO", "mkdir", "mkdirat").Replace("}", ",\"errnoRet\":38}"))
                            ).Errors
                        )
                ),
                new(
                    "O-177",
                    "defaultErrnoRet is the error of calls that no rule names",
                    site =>
                        Assert.Contains(
                            "Function not implemented",
                            site.Run(
                                "mkdir /tmp/x",
                                config =>
                                    config.Put(
                                        "linux.seccomp",
                                        $$"""
                                        {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,
                                        "architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"action":"SCMP_ACT_ALLOW","names":[{{Ordinary}}]}]}
                                        """
                                    )
                            ).Errors
                        )
                ),
                new(
                    "O-172",
                    "a call of SCMP_ACT_KILL_PROCESS ends the program with SIGSYS",
                    site => Assert.Equal(159, Killed(site, "SCMP_ACT_KILL_PROCESS"))
                ),
                new(
                    "O-172",
                    "a call of SCMP_ACT_KILL ends the program with SIGSYS",
                    site => Assert.Equal(159, Killed(site, "SCMP_ACT_KILL"))
                ),
                new(
                    "O-172",
                    "a call of SCMP_ACT_KILL_THREAD ends the program with SIGSYS",
                    site => Assert.Equal(159, Killed(site, "SCMP_ACT_KILL_THREAD"))
                ),
                new(
                    "O-173",
                    "a call of SCMP_ACT_TRAP sends SIGSYS",
                    site => Assert.Equal(159, Killed(site, "SCMP_ACT_TRAP"))
                ),
                new(
                    "O-174",
                    "a call of SCMP_ACT_LOG is let through",
                    site =>
                        site.Run(
                                "mkdir /mnt/x",
                                config =>
                                {
                                    Profile(Rule("SCMP_ACT_LOG", "mkdir", "mkdirat"))(config);
                                    config.Mount("/mnt", "tmpfs", "tmpfs");
                                }
                            )
                            .ShouldSucceed()
                ),
                .. Operators.Select(op => new Check(
                    "O-181",
                    $"an argument compared by {op.Operator}",
                    site => Assert.Equal(["refused", "let through"], Compared(site, op.Operator, op.Values))
                )),
                new(
                    "O-181",
                    "an argument compared by SCMP_CMP_GE",
                    site => Assert.Equal(["let through", "refused"], Compared(site, "SCMP_CMP_GE", "\"value\":12"))
                ),
                new(
                    "O-181",
                    "an argument compared by SCMP_CMP_GT",
                    site => Assert.Equal(["let through", "refused"], Compared(site, "SCMP_CMP_GT", "\"value\":11"))
                ),
                new(
                    "O-180",
                    "names that nobody knows are passed over",
                    site => site.Run("true", Profile(Rule("SCMP_ACT_ERRNO", "no_such_call"))).ShouldSucceed()
                ),
                new(
                    "O-171",
                    "a profile without defaultAction is refused",
                    site =>
                        site.Refuses(config =>
                            config.Put(
                                "linux.seccomp",
                                """{"syscalls":[{"action":"SCMP_ACT_ERRNO","names":["mkdir"]}]}"""
                            )
                        )
                ),
                new(
                    "O-173",
                    "an action that there is not is refused",
                    site =>
                        site.Refuses(config => config.Put("linux.seccomp", """{"defaultAction":"SCMP_ACT_NOSUCH"}"""))
                ),
                new(
                    "O-177",
                    "errnoRet of an action that returns none is refused",
                    site =>
                        site.Refuses(config =>
                            Profile("""{"action":"SCMP_ACT_KILL","names":["mkdir"],"errnoRet":5}""")(config)
                        )
                ),
                new(
                    "O-178",
                    "an architecture that there is not is refused",
                    site =>
                        site.Refuses(config =>
                            config.Put(
                                "linux.seccomp",
                                """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_NOSUCH"]}"""
                            )
                        )
                ),
                new(
                    "O-182 O-183",
                    "a filter is loaded without noNewPrivileges",
                    site =>
                        Assert.Equal(
                            ["NoNewPrivs:\t0", "Seccomp:\t2"],
                            site.Lines(
                                "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status",
                                config =>
                                {
                                    Profile("")(config);
                                    config.Put("process.noNewPrivileges", "false");
                                }
                            )
                        )
                ),
                new(
                    "O-179",
                    "the flags LOG and SPEC_ALLOW are taken",
                    site =>
                        site.Run(
                                "true",
                                config =>
                                {
                                    Profile("")(config);
                                    config.Put(
                                        "linux.seccomp.flags",
                                        """["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW"]"""
                                    );
                                }
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-171",
                    "an added program is filtered too",
                    site =>
                        Assert.Equal(
                            ["Seccomp:\t2"],
                            site.Started(edit: Profile(""))
                                .Exec("grep Seccomp: /proc/self/status")
                                .ShouldSucceed()
                                .Lines
                        )
                ),
            ]
        );

    // What busybox and the runtime's last steps need to say that a directory was not made.
    private const string Ordinary =
        "\"execve\",\"exit\",\"exit_group\",\"read\",\"write\",\"open\",\"openat\",\"close\",\"stat\",\"lstat\",\"fstat\",\"newfstatat\","
        + "\"statx\",\"brk\",\"mmap\",\"munmap\",\"mprotect\",\"mremap\",\"arch_prctl\",\"set_tid_address\",\"set_robust_list\",\"rseq\","
        + "\"prlimit64\",\"getrandom\",\"readlink\",\"readlinkat\",\"getuid\",\"geteuid\",\"getgid\",\"getegid\",\"getpid\",\"getppid\","
        + "\"gettid\",\"rt_sigaction\",\"rt_sigprocmask\",\"rt_sigreturn\",\"ioctl\",\"fcntl\",\"dup\",\"dup2\",\"dup3\",\"clone\",\"clone3\","
        + "\"fork\",\"vfork\",\"wait4\",\"waitid\",\"futex\",\"getcwd\",\"chdir\",\"access\",\"faccessat\",\"faccessat2\",\"umask\",\"uname\","
        + "\"prctl\",\"capget\",\"capset\",\"setuid\",\"setgid\",\"setgroups\",\"setresuid\",\"setresgid\",\"close_range\",\"getdents64\","
        + "\"lseek\",\"poll\",\"ppoll\",\"sched_getaffinity\",\"sigaltstack\",\"madvise\",\"epoll_ctl\",\"epoll_pwait\",\"nanosleep\","
        + "\"tgkill\",\"writev\",\"rt_sigpending\",\"sched_yield\",\"clock_gettime\",\"seccomp\",\"statfs\",\"fstatfs\",\"restart_syscall\"";

    private static Action<System.Text.Json.Nodes.JsonObject> Profile(string rules) =>
        config =>
            config.Put(
                "linux.seccomp",
                $$"""{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{{rules}}]}"""
            );

    private static string Rule(string action, params string[] names) =>
        $$"""{"action":"{{action}}","names":[{{string.Join(',', names.Select(name => $"\"{name}\""))}}]}""";

    private static int Killed(Site site, string action) =>
        site.RunProgram(["mkdir", "/tmp/x"], Profile(Rule(action, "mkdir", "mkdirat"))).ExitCode;

    private static string[] Compared(Site site, string comparison, string values) =>
        site.Lines(
            "trap : USR1 USR2; for s in USR1 USR2; do kill -$s $$ 2>/dev/null && echo let through || echo refused; done",
            Profile(
                $$"""{"action":"SCMP_ACT_ERRNO","names":["kill"],"args":[{"index":1,{{values}},"op":"{{comparison}}"}]}"""
            )
        );
}
