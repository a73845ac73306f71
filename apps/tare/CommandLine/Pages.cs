using System.CommandLine;
using System.Reflection;
using System.Text;
using Tare.Cli.Listing;

namespace Tare.Cli.CommandLine;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class Pages
{
    public const string RunSummary = "run a command in a disposable copy of this machine";

    public const string TrySummary = "run a command in a copy of this machine, then choose what of its changes to keep";

    public const string RecordSummary = "run a command and write the smallest profiles that it can run under";

    public const string ExplainSummary = "print every system call that a launch would make, and do nothing";

    public const string DoctorSummary = "tell what this machine and this user can do, and what helps where they cannot";

    public const string ListSummary = "list processes, with memory, container and cgroup";

    public const string WatchSummary = "watch the machine and its processes";

    public const string InspectSummary = "draw a process's memory and tell everything else about it";

    private const string Program = """
        Tare runs commands in disposable sandboxes and shows how.

          tare run [OPTIONS] -- COMMAND...      run a command in a disposable copy of this machine
          tare try [OPTIONS] -- COMMAND...      run it, show what it changed, apply or drop that
          tare record [OPTIONS] -- COMMAND...   run it, write the smallest profiles that it can run under
          tare explain [OPTIONS] -- COMMAND...  print every system call that this would make, and do nothing
          tare doctor                           tell what this machine and this user can do
          tare ps [OPTIONS]                     list processes, with memory, container and cgroup
          tare top [OPTIONS]                    watch the machine and its processes
          tare inspect [OPTIONS] PID            draw a process's memory and tell everything else about it

        'tare run --help' and so on tell more. 'tare --version' prints the version.

        """;

    private const string Run = """
        Runs a command in a disposable copy of this machine:

          tare run -- make test
          tare run --net host --read-write ~/.npm -- npm install
          tare run --memory 1g --cpus 2 --timeout 10m --stats -- ./untrusted

        The command sees this machine's files and starts in the same directory with the same environment.
        What it writes goes into memory and is gone afterwards, except under --read-write. /proc, /dev and
        /tmp are its own and start empty of this machine's. It sees no other processes, has no network but
        loopback, no capabilities, and can gain none: as root it owns root's files and may do nothing else
        that takes root. With --rootfs the files are another system's and the environment is a fresh one.

        An ordinary user's command can write (in the copy) where that user owns the directory: home and
        working directory, besides /tmp; all other files are read-only. Limits need a cgroup that this user
        may use: 'tare doctor' tells.

        Options:

        """;

    private const string RunEnd = """

        The exit status is the command's, or 128 and the signal that ended it; 124: --timeout passed; 125:
        tare failed; 126: the command cannot be executed; 127: it was not found; 2: the command line is
        wrong. Signals sent to tare are passed on. On a terminal the command has a terminal of its own;
        otherwise its streams are tare's.

        """;

    private const string Try = """
        Runs a command as 'tare run' does, then shows what it changed and asks whether to apply or drop it:

          tare try -- make install
          tare try --apply -- ./configure
          tare try --export changes.tar -- apt-get install -y jq
          tare try --list
          tare try --resume ID --apply

        What the command writes is kept on disk until that is decided. Where nobody can be asked (standard
        input or standard error is no terminal) and no option says, the changes are kept: --list shows them,
        --resume decides. Applying replaces each file by one rename; files that were changed on this machine
        meanwhile are told and left alone. What is written in /tmp goes with the command.

        Options:

        """;

    private const string TryEnd = """

        The exit status is the command's, as of 'tare run'. It is 125 where not all changes could be applied
        or exported; they are kept then. Of --list and --resume it is 0 or 125.

        """;

    private const string Record = """
        Runs a command on this machine itself, not in a sandbox, and records what it and all that it starts
        ask the kernel for: system calls, paths, addresses, capabilities. Then it tells a summary on standard
        error and writes what the command needs:

          tare record --seccomp app.json --landlock files.json -- ./app --self-test
          tare run --seccomp app.json --landlock files.json -- ./app

        Only what the command did is in there: record it doing all that it will have to do, several times if
        need be (--json keeps a recording, --merge adds it). Each call takes some twenty microseconds longer.

        Options:

        """;

    private const string RecordEnd = """

        The exit status is the command's, or 128 and the signal that ended it; 125: tare failed; 126: the
        command cannot be executed; 127: it was not found; 2: the command line is wrong.

        """;

    private const string Explain = """
        Prints every system call that 'tare run' with the same options would make, in words, and does
        nothing; or those of an OCI bundle's container:

          tare explain --memory 1g -- make test
          tare explain --bundle DIR

        Options:

        """;

    private const string Doctor = """
        Tells what this kernel and this user can do for 'tare run', what is missing, and what helps.
        The exit status is 0 where 'tare run' works, and 1 where it does not.

        Options:

        """;

    private const string List = """
        Lists this user's processes, or with --all, --cgroup or --container everybody's. What this user may not know is a
        dash. CONTAINER is an id from the cgroup's path, or pid:NUMBER for another PID namespace. Without a terminal
        nothing is cut. The exit status is 0, or 1 where there is no such process.

        Options:

        """;

    private const string ListEnd = """

        Columns: 
        """;

    private const string Watch = """
        Shows processors, memory and pressure over time, and the processes that use them. Without a terminal it prints a
        look at each interval, with --json as one object a line.

        Keys: q ends it; c, m, i, p sort by processor time, memory, disks, number; / shows only what holds a text; t is
        the tree; the arrows choose a process; k kills it, once that is confirmed.

        The exit status is 0, or 128 and the signal that ended it.

        Options:

        """;

    private const string Inspect = """
        Draws a process's memory from high to low addresses, with what of it is private and shared, and tells how it is
        scheduled, whose it is, what confines it, its namespaces, cgroups, limits, threads and open files:

          tare inspect 4242
          tare inspect --svg memory.svg 4242

        What this user may not know of it is said to be hidden. The exit status is 1 where there is no such process.

        Options:

        """;

    /// <summary>The version and the commit that it was built from.</summary>
    public static string Version
    {
        get
        {
            string full =
                typeof(Pages).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? "unknown";
            int plus = full.IndexOf('+', StringComparison.Ordinal);
            return plus < 0 ? $"tare {full}\n" : $"tare {full[..plus]} (commit {full[(plus + 1)..]})\n";
        }
    }

    /// <summary>The page of the program, or of one verb.</summary>
    public static string Of(Command command) =>
        command.Name switch
        {
            "run" => Run + Table(command) + RunEnd,
            "try" => Try + Table(command) + TryEnd,
            "record" => Record + Table(command) + RecordEnd,
            "explain" => Explain + Table(command),
            "doctor" => Doctor + Table(command),
            "ps" => List
                + Table(command)
                + ListEnd
                + string.Join(' ', ProcessColumn.All.Select(one => one.Name))
                + ".\n",
            "top" => Watch + Table(command),
            "inspect" => Inspect + Table(command),
            _ => Program,
        };

    private static string Table(Command command)
    {
        const int Indent = 2;
        const int Gap = 2;
        List<(string Left, string Right)> rows = [];
        foreach (Option option in command.Options)
        {
            string value =
                option.HelpName is null ? ""
                : option.Arity.MinimumNumberOfValues == 0 ? $" [{option.HelpName}]"
                : $" {option.HelpName}";
            rows.Add((option.Name + value, option.Description ?? ""));
        }

        rows.Add(("--help", "this page"));
        int width = rows.Max(row => row.Left.Length);
        StringBuilder text = new();
        foreach ((string left, string right) in rows)
        {
            text.Append(' ', Indent).Append(left.PadRight(width + Gap)).Append(right).Append('\n');
        }

        return text.ToString();
    }
}
