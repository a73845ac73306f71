namespace Tare.OciCli.CommandLine;

/// <summary>Everything that can be said to <c>tare-oci</c>: runc's grammar. Each command is made when it is asked for.</summary>
internal static class CommandTable
{
    private const string ContainerIdUsage = "CONTAINER-ID";

    /// <summary>The names of all commands, in the order of the help page.</summary>
    public static ReadOnlySpan<string> Names =>
        new string[]
        {
            "create",
            "start",
            "state",
            "kill",
            "delete",
            "run",
            "exec",
            "list",
            "ps",
            "pause",
            "resume",
            "update",
            "mounts",
            "checkpoint",
            "restore",
            "spec",
            "features",
            "events",
            "info",
            "completion",
        };

    /// <summary>The program itself: the options before the command's name.</summary>
    public static Command Program() =>
        new(
            "",
            "runs containers that are described by OCI bundles",
            "COMMAND [ARGUMENTS…]",
            [
                Text("root", '\0', "DIR", "where the state of containers is kept (/run/tare, $XDG_RUNTIME_DIR/tare)"),
                Text("log", '\0', "FILE", "append messages to this file, journald:NAME or syslog:NAME as well"),
                Text("log-format", '\0', "FORMAT", "the form of messages in the log: text or json"),
                Flag("debug", '\0', "log what is done, not only what fails"),
                Text("log-level", '\0', "LEVEL", "debug is --debug; warning and error are as without it"),
                Text("cgroup-manager", '\0', "MANAGER", "who makes the cgroups: cgroupfs, systemd or disabled"),
                Flag("systemd-cgroup", '\0', "let systemd make the cgroups: linux.cgroupsPath is slice:prefix:name"),
                Text("rootless", '\0', "WHEN", "ignore cgroup permission errors: true, false or auto"),
                Flag("version", 'v', "print the version"),
                Flag("help", 'h', "print this page"),
            ]
        )
        {
            OptionsFirst = true,
            MaximumWords = int.MaxValue,
        };

    /// <summary>The command of a name; null where there is none.</summary>
    public static Command? Find(string name) =>
        name switch
        {
            "create" => new(name, "create a container", ContainerIdUsage, [.. Creation(), Help()])
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "The container waits for 'start' with everything set up.",
            },
            "run" => new(
                name,
                "create a container and start it",
                ContainerIdUsage,
                [
                    .. Creation(),
                    Flag("detach", 'd', "leave the container running and return"),
                    Flag("keep", '\0', "do not delete the container when it ends"),
                    Flag("no-subreaper", '\0', "do not become the reaper of the container's orphans"),
                    Help(),
                ]
            )
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "The exit status is the program's, or 128 and the signal that ended it.",
            },
            "start" => OnContainer(name, "start the program of a container that was created"),
            "state" => new(
                name,
                "print a container's state as JSON",
                ContainerIdUsage,
                [Flag("observed", '\0', "add what really holds, and where that differs from config.json"), Help()]
            )
            {
                MinimumWords = 1,
                MaximumWords = 1,
            },
            "pause" => OnContainer(name, "freeze all processes of a container"),
            "resume" => OnContainer(name, "let the processes of a paused container go on"),
            "kill" => new(
                name,
                "send a signal to a container's first process",
                "CONTAINER-ID [SIGNAL]",
                [
                    Flag("all", 'a', "send it to every process of the container"),
                    Flag("regex", 'r', "CONTAINER-ID is a regular expression: all containers that match"),
                    Help(),
                ]
            )
            {
                MinimumWords = 1,
                MaximumWords = 2,
                Description = "SIGNAL is a number or a name, with or without SIG; TERM if absent.",
            },
            "delete" => new(
                name,
                "delete a container that is not running",
                ContainerIdUsage,
                [
                    Flag("force", 'f', "kill it first if it runs; no error if it does not exist"),
                    Flag("regex", 'r', "CONTAINER-ID is a regular expression: all containers that match"),
                    Help(),
                ]
            )
            {
                MinimumWords = 1,
                MaximumWords = 1,
            },
            "list" => new(
                name,
                "list the containers",
                "",
                [Text("format", 'f', "FORMAT", "table or json"), Flag("quiet", 'q', "print ids only"), Help()]
            ),
            "ps" => new(
                name,
                "list the processes of a container",
                "CONTAINER-ID [PS-OPTIONS…]",
                [Text("format", 'f', "FORMAT", "table or json"), Help()]
            )
            {
                MinimumWords = 1,
                MaximumWords = int.MaxValue,
                OptionsFirst = true,
                Description = "With the table format, PS-OPTIONS are handed to ps(1); -ef if absent.",
            },
            "exec" => new(
                name,
                "run another program in a container",
                "CONTAINER-ID [COMMAND [ARGUMENTS…]]",
                Execution()
            )
            {
                MinimumWords = 1,
                MaximumWords = int.MaxValue,
                OptionsFirst = true,
                Description = "The exit status is the program's; 255 if it could not be run.",
            },
            "update" => new(name, "change the limits of a container", ContainerIdUsage, Limits())
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "What is not given stays as it is. With --resources the other options have no effect.",
            },
            "mounts" => new(
                name,
                "add mounts to a container that runs, or remove some",
                "add|remove CONTAINER-ID FILE",
                [Help()]
            )
            {
                MinimumWords = 3,
                MaximumWords = 3,
                Description = "FILE has an array of mounts like config.json's; to remove, their destinations count.",
            },
            "checkpoint" => new(name, "save the processes of a container", ContainerIdUsage, CriuOptions.Checkpoint())
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "CRIU does the work. The container is deleted then, unless it is left running.",
            },
            "restore" => new(name, "make a container of what was saved", ContainerIdUsage, CriuOptions.Restore())
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "CRIU does the work. The bundle is the one that the container was made of.",
            },
            "spec" => new(
                name,
                "write a config.json to begin with",
                "",
                [
                    Text("bundle", 'b', "DIR", "the directory to write it to (the working directory)"),
                    Flag("rootless", '\0', "make it one that an ordinary user can run"),
                    Help(),
                ]
            ),
            "events" => new(
                name,
                "print what a container uses, and when its memory is used up, as JSON",
                ContainerIdUsage,
                [
                    Flag("stats", '\0', "print what it uses once, and return"),
                    Text("interval", '\0', "TIME", "the time between two prints (5s)"),
                    Help(),
                ]
            )
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "A line each time, until the container ends.",
            },
            "info" => new(
                name,
                "print what this machine has for containers",
                "",
                [Flag("json", '\0', "print it as JSON"), Help()]
            ),
            "completion" => new(name, "print a script by which a shell completes commands", "bash|zsh|fish", [Help()])
            {
                MinimumWords = 1,
                MaximumWords = 1,
                Description = "For bash: . <(tare-oci completion bash)",
            },
            "features" => new(name, "print what this runtime supports, as JSON", "", [Help()]),
            _ => null,
        };

    private static Command OnContainer(string name, string summary) =>
        new(name, summary, ContainerIdUsage, [Help()]) { MinimumWords = 1, MaximumWords = 1 };

    private static Option[] Creation() =>
        [
            Text("bundle", 'b', "DIR", "the bundle's directory (the working directory)"),
            Text("config", 'f', "FILE", "the configuration (the bundle's config.json)"),
            Text("console-socket", '\0', "PATH", "a socket that the terminal's master is sent to"),
            Text("pidfd-socket", '\0', "PATH", "a socket that a pidfd of the first process is sent to"),
            Text("pid-file", '\0', "FILE", "a file that the first process's id is written to"),
            Flag("no-pivot", '\0', "change the root without pivot_root, for a root in a ramdisk"),
            Flag("no-new-keyring", '\0', "keep the caller's session keyring"),
            Number("preserve-fds", "N", "hand the program this many descriptors from 3 on"),
        ];

    private static Option[] Execution() =>
        [
            Text("process", 'p', "FILE", "a file with a process object"),
            Text("cwd", '\0', "DIR", "the working directory in the container"),
            Texts("env", 'e', "NAME=VALUE", "a variable of the environment"),
            Flag("tty", 't', "give the program a terminal"),
            Text("user", 'u', "UID[:GID]", "whom the program runs as"),
            Texts("additional-gids", 'g', "GID", "a supplementary group"),
            Flag("detach", 'd', "return when the program runs"),
            Text("pid-file", '\0', "FILE", "a file that the process's id is written to"),
            Text("console-socket", '\0', "PATH", "a socket that the terminal's master is sent to"),
            Text("pidfd-socket", '\0', "PATH", "a socket that a pidfd of the process is sent to"),
            Text("process-label", '\0', "LABEL", "the program's SELinux label"),
            Text("apparmor", '\0', "PROFILE", "the AppArmor profile of the program"),
            Flag("no-new-privs", '\0', "no program may gain privileges by being executed"),
            Texts("cap", 'c', "CAPABILITY", "a capability in addition to the container's"),
            Number("preserve-fds", "N", "hand the program this many descriptors from 3 on"),
            Texts("cgroup", '\0', "[CONTROLLER:]PATH", "a cgroup below the container's to run it in"),
            Flag("ignore-paused", '\0', "do so in a paused container as well"),
            Help(),
        ];

    private static Option[] Limits() =>
        [
            Text("resources", 'r', "FILE", "a file with a resources object; - is standard input"),
            Text("memory", '\0', "BYTES", "the most memory (64m); -1 for no limit"),
            Text("memory-reservation", '\0', "BYTES", "memory that is left to it when there is little"),
            Text("memory-swap", '\0', "BYTES", "the most memory and swap together; -1 for no limit"),
            Text("kernel-memory", '\0', "BYTES", "the most memory of the kernel's, where that has it still"),
            Text("kernel-memory-tcp", '\0', "BYTES", "the most memory of TCP's buffers, likewise"),
            Text("cpu-period", '\0', "MICROSECONDS", "the time that the quota is for"),
            Text("cpu-quota", '\0', "MICROSECONDS", "the most processor time in a period; -1 for no limit"),
            Text("cpu-burst", '\0', "MICROSECONDS", "how much of unused quota may be used later"),
            Text("cpu-share", '\0', "SHARES", "its share of processors that are busy; 1024 is the usual one"),
            Text("cpu-idle", '\0', "0|1", "1 runs it only when nobody else wants to run"),
            Text("cpuset-cpus", '\0', "LIST", "the processors it may use (0-2,7)"),
            Text("cpuset-mems", '\0', "LIST", "the memory nodes it may use"),
            Text("pids-limit", '\0', "NUMBER", "the most processes and threads; -1 for no limit"),
            Text("blkio-weight", '\0', "WEIGHT", "its share of block devices that are busy, 10 to 1000"),
            Text("cpu-rt-period", '\0', "MICROSECONDS", "the time that the real-time one is for (cgroup v1)"),
            Text("cpu-rt-runtime", '\0', "MICROSECONDS", "the most real-time processor time in it (cgroup v1)"),
            Text("l3-cache-schema", '\0', "SCHEMA", "its share of the L3 cache (L3:0=f)"),
            Text("mem-bw-schema", '\0', "SCHEMA", "its share of memory bandwidth (MB:0=20)"),
            Help(),
        ];

    internal static Option Help() => Flag("help", 'h', "print this page");

    internal static Option Flag(string name, char alias, string help) => new(name, alias, OptionKind.Flag, "", help);

    internal static Option Text(string name, char alias, string value, string help) =>
        new(name, alias, OptionKind.Text, value, help);

    internal static Option Texts(string name, char alias, string value, string help) =>
        new(name, alias, OptionKind.Texts, value, help);

    private static Option Number(string name, string value, string help) =>
        new(name, '\0', OptionKind.Number, value, help);
}
