using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>Sandboxes of Tare.Processes where there is cgroup v2 alone, for root and for an ordinary user, told by its probe.</summary>
public abstract class LibrarySandboxClaims(Guest guest)
{
    /// <summary>How the probe's programs end, each at another limit of its sandbox.</summary>
    internal static readonly string[] LimitEnds =
    [
        "memory=MemoryExceeded,SIGKILL,True",
        "processes=Exited,True",
        "cpu=CpuTimeExceeded,True",
        "throttled=True",
        "time=TimeExceeded,SIGKILL",
        "output=OutputExceeded,1000",
        "call=ForbiddenCall,SIGSYS",
    ];

    // As a service manager delegates: a group with controllers, and in it one for the user's own processes.
    private const string AsUser = """
        echo '+memory +pids +cpu' >/sys/fs/cgroup/cgroup.subtree_control
        echo '+memory +pids +cpu' >$groups/cgroup.subtree_control
        mkdir $groups/user $groups/user/shell
        for group in $groups/user $groups/user/shell; do
            chown user $group $group/cgroup.procs $group/cgroup.subtree_control $group/cgroup.threads
        done
        echo $$ >$groups/user/shell/cgroup.procs
        run() { su user -c "$*"; }
        undo() {
            echo $$ >$groups/shell/cgroup.procs
            rmdir $groups/user/shell
            find $groups/user -mindepth 1 -type d
            rmdir $groups/user
        }
        """;

    private const string AsRoot = """
        run() { "$@"; }
        undo() { find $groups -mindepth 1 -type d ! -name shell; }
        """;

    // What a kernel's Landlock lacks below an ABI: rights on files, and what only SandboxLevel.Process asks for.
    private static readonly (int Abi, string Right, bool Always)[] Rights =
    [
        (3, "LANDLOCK_ACCESS_FS_TRUNCATE", true),
        (5, "LANDLOCK_ACCESS_FS_IOCTL_DEV", true),
        (4, "LANDLOCK_ACCESS_NET_BIND_TCP", false),
        (4, "LANDLOCK_ACCESS_NET_CONNECT_TCP", false),
        (6, "LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET", false),
        (6, "LANDLOCK_SCOPE_SIGNAL", false),
    ];

    [Theory]
    [InlineData("Container", false)]
    [InlineData("Container", true)]
    [InlineData("Process", false)]
    [InlineData("Process", true)]
    public void What_held_is_read_back_and_what_could_not_be_had_is_said(string level, bool ordinary)
    {
        string[] lines = Run($"echo secret >/secret; run probe sandbox {level}; rm /secret", ordinary);

        int abi = int.Parse(lines[8].Split(',')[1]);
        string user = ordinary ? "1000" : "65534";
        string namespaces = level == "Container" ? ContainerNamespaces(ordinary) : "None";

        // The bounding set is smaller only for who may make it so; a user namespace has one of its own.
        string rights = ordinary && level == "Process" ? lines[4].Split(',')[^1] : "";
        Assert.Equal(
            [
                $"end=Exited,exit code 3,{level}",
                "cpu.max=50000 100000",
                "memory.max=33554432",
                "pids.max=16",
                $"rights=True,2,{rights}",
                $"user={user}",
                $"namespaces={namespaces}",
                "usage=True,True",
                $"landlock=True,{abi}",
                .. Rights
                    .Where(right => abi < right.Abi && (right.Always || level == "Process"))
                    .Select(right => $"missing=Landlock: this kernel does not know {right.Right}"),
                ordinary && level == "Container" ? "0" : user,
                $"cat: can't open '/secret': {(level == "Container" ? "No such file or directory" : "Permission denied")}",
                "input",
            ],
            lines
        );
    }

    [Theory]
    [InlineData("Container", false)]
    [InlineData("Container", true)]
    [InlineData("Process", false)]
    [InlineData("Process", true)]
    public void Each_limit_ends_a_program_as_it_says(string level, bool ordinary) =>
        Assert.Equal(LimitEnds, Run($"run probe limits {level}", ordinary));

    [Theory]
    [InlineData("Container", false)]
    [InlineData("Container", true)]
    [InlineData("Process", false)]
    [InlineData("Process", true)]
    public void A_pool_gives_each_program_a_sandbox_of_its_own(string level, bool ordinary) =>
        Assert.Equal(
            [.. Enumerable.Range(0, 4).Select(i => $"True,33554432,1,input {i}"), "memory=MemoryExceeded"],
            Run($"run probe pool {level}", ordinary)
        );

    /// <summary>
    /// Servers of the machine run what they are asked to: docker's, D-Bus's. A filter cannot look at addresses, so that before
    /// Landlock did nobody connects to any path where there is no mount namespace.
    /// </summary>
    [Theory]
    [InlineData("Container")]
    [InlineData("Process")]
    public void A_program_reaches_sockets_where_it_may_write_and_its_own(string level)
    {
        string[] lines = guest.Run($"probe sockets {level} && rm -r /tmp/sockets").ShouldSucceed().Lines;

        bool known = int.Parse(lines[0]) >= 9;
        bool container = level == "Container";
        Assert.Equal(
            [
                $"stream={(container ? "ENOENT" : "EACCES")}",
                $"stream={(container && !known ? "reached" : "EACCES")}",
                $"stream={(container || known ? "reached" : "EACCES")}",
                $"own={(container || known ? "reached" : "EACCES")}",
            ],
            lines[1..]
        );
    }

    [Fact]
    public void A_program_connects_to_where_it_may_and_nowhere_else()
    {
        string[] lines = Run("run probe connect", ordinary: false);

        Assert.Equal("output=reached", lines[0]);
        Assert.Equal("error=nc: can't connect to remote host (127.0.0.2): Operation not permitted", lines[1]);
        Assert.DoesNotContain(lines, line => line.StartsWith("missing=connections", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_program_was_seen_to_do_is_all_that_it_may_do_then() =>
        Assert.Equal(
            ["recorded=exit code 0,0,0", "calls=True,False", "read=True", "same=exit code 0,True", "more=False,0"],
            Run("run probe record", ordinary: false)
        );

    /// <summary>The last to crash is no sandbox's: a limit of 0 does not count where core_pattern is a program.</summary>
    [Fact]
    public void A_program_that_crashes_starts_none_of_the_machines() =>
        Assert.Equal(
            ["end=SIGSEGV,False", "end=SIGSEGV,False", "sh"],
            guest
                .Run(
                    """
                    printf '#!/bin/sh\necho $1 >>/run/dumped\n' >/run/dump
                    chmod +x /run/dump
                    echo 4 >/proc/sys/kernel/core_pipe_limit
                    before=$(cat /proc/sys/kernel/core_pattern)
                    echo '|/run/dump %e' >/proc/sys/kernel/core_pattern
                    probe try Process 'ulimit -c 0; kill -SEGV $$'
                    probe try Container 'ulimit -c 0; kill -SEGV $$'
                    (ulimit -c 0; exec sh -c 'kill -SEGV $$') 2>/dev/null
                    cat /run/dumped
                    rm /run/dump /run/dumped
                    echo "$before" >/proc/sys/kernel/core_pattern
                    echo 0 >/proc/sys/kernel/core_pipe_limit
                    """
                )
                .ShouldSucceed()
                .Lines
        );

    [Theory]
    [InlineData("Process")]
    [InlineData("Container")]
    public void Priorities_that_were_granted_to_its_user_are_not_the_programs(string level) =>
        Assert.Equal(
            ["50", "40", "end=exit code 0,False", "0", "0"],
            guest
                .Run(
                    $"""
                    (
                        ulimit -r 50 -e 40
                        su user -c "ulimit -r; ulimit -e; probe try {level} 'ulimit -Hr; ulimit -He'"
                    )
                    """
                )
                .ShouldSucceed()
                .Lines
        );

    /// <summary>No cgroup holds the processes together, nor at the one level a namespace.</summary>
    [Theory]
    [InlineData("Container")]
    [InlineData("Process")]
    public void Without_a_cgroup_what_a_program_leaves_is_ended_or_said_to_go_on(string level)
    {
        string[] lines = guest
            .Run(
                $$"""
                su user -c 'probe left {{level}}'
                left() { grep -lzx 4711 /proc/[0-9]*/cmdline 2>/dev/null; }
                [ {{level}} = Container ] || left | wc -l
                for process in $(left); do process=${process#/proc/}; kill -9 ${process%/cmdline}; done
                """
            )
            .ShouldSucceed()
            .Lines;

        bool guarded = guest.Run("probe abi").ShouldSucceed().Lines is [var abi] && int.Parse(abi) >= 6;
        Assert.Equal($"end=Exited,exit code 3,{level}", lines[0]);
        Assert.StartsWith(
            "missing=cgroup: create cgroup '/sys/fs/cgroup/session/tare-",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ": EACCES (no cgroup was delegated to this user); limits are each process's own",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Equal(
            level == "Process" && !guarded,
            lines.Contains(
                "missing=tree: what the program has left running when it ends goes on; Landlock ends it from Linux 6.12 on"
            )
        );
        if (level == "Process")
        {
            Assert.Equal(guarded ? "0" : "1", lines[^1]);
        }
    }

    // Whatever is left in the groups is a line more.
    private string[] Run(string script, bool ordinary) =>
        guest.Run($"{(ordinary ? AsUser : AsRoot)}\n{script}\nundo").ShouldSucceed().Lines;

    private static string ContainerNamespaces(bool ordinary) =>
        $"CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, {(ordinary ? "CLONE_NEWUSER, " : "")}CLONE_NEWPID, CLONE_NEWNET";
}
