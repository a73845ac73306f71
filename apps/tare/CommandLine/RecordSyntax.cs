using System.CommandLine;

namespace Tare.Cli.CommandLine;

/// <summary>The options of <c>record</c>.</summary>
internal sealed class RecordSyntax
{
    private readonly Option<string> seccomp = RunSyntax.Text(
        "--seccomp",
        "FILE",
        "write the profile of system calls to FILE, for 'tare run --seccomp' and OCI runtimes"
    );
    private readonly Option<string> landlock = RunSyntax.Text(
        "--landlock",
        "FILE",
        "write the policy for files and TCP ports to FILE, for 'tare run --landlock'"
    );
    private readonly Option<string> json = RunSyntax.Text("--json", "FILE", "write the whole recording to FILE");
    private readonly Option<string[]> merge = RunSyntax.Texts(
        "--merge",
        "FILE",
        "add the recording in FILE, which --json wrote"
    );

    /// <summary>Makes the command.</summary>
    public Command Make() => new("record", Pages.RecordSummary) { seccomp, landlock, json, merge };

    /// <summary>Reads the values.</summary>
    /// <exception cref="UsageException">A value is not what its option takes.</exception>
    public RecordOptions Read(ParseResult result, IReadOnlyList<string> command, bool hasDashes) =>
        command.Count > 0 && command[0].Length > 0
            ? new RecordOptions
            {
                SeccompFile = RunSyntax.Word(result, seccomp),
                LandlockFile = RunSyntax.Word(result, landlock),
                JsonFile = RunSyntax.Word(result, json),
                Merge = RunSyntax.Words(result, merge),
                Command = command,
            }
            : throw new UsageException(
                hasDashes
                    ? "there is no command behind '--'"
                    : "there is no command (tare record [OPTIONS] -- COMMAND...)"
            );
}
