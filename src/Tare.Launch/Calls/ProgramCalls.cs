using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// Steps that execute a program, or look for it, as execvp(3) does: along PATH where the name has no slash. The texts of
/// failures are a contract that callers of OCI runtimes match.
/// </summary>
public static class ProgramCalls
{
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>The step that executes one file.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="arguments">argv.</param>
    /// <param name="environment">envp.</param>
    public static CallStep Execution(string file, Argument arguments, Argument environment) =>
        new($"execute '{file}'", Syscall.execve, [file, arguments, environment]);

    /// <summary>Tries the program's file, or those that PATH leads to, and fails in words where none will do.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="program">The program: a path with a slash, or a name to search for.</param>
    /// <param name="path">Directories separated by colons; null is <c>/bin:/usr/bin</c>.</param>
    /// <param name="attempt">The step that tries one file.</param>
    /// <param name="done">Where an attempt that succeeds leads; null where it does not come back.</param>
    public static void TryAll(
        LaunchPlanBuilder plan,
        string program,
        string? path,
        Func<string, CallStep> attempt,
        Label? done
    )
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            TryOne(plan, program, attempt, done);
        }
        else
        {
            Search(plan, program, path ?? DefaultPath, attempt, done);
        }
    }

    private static void Add(LaunchPlanBuilder plan, CallStep attempt, Label? done, ImmutableArray<Branch> branches)
    {
        plan.Add(attempt with { Branches = done is null ? branches : branches.Add(new Branch(Errno.ELOOP, done)) });
        if (done is not null)
        {
            plan.Add(new JumpStep($"{attempt.Words}: it is there", done));
        }
    }

    private static void TryOne(LaunchPlanBuilder plan, string program, Func<string, CallStep> attempt, Label? done)
    {
        Label missing = plan.NewLabel("the program is missing");
        Label nowhere = plan.NewLabel("the program's directory is none");
        Label denied = plan.NewLabel("the program is not for this user");
        Label invalid = plan.NewLabel("the program has no known format");
        Add(
            plan,
            attempt(program),
            done,
            [
                new Branch(Errno.ENOENT, missing),
                new Branch(Errno.ENOTDIR, nowhere),
                new Branch(Errno.EACCES, denied),
                new Branch(Errno.ENOEXEC, invalid),
            ]
        );
        plan.Place(missing);
        plan.Add(new FailStep($"exec: \"{program}\": no such file or directory", Errno.ENOENT));
        plan.Place(nowhere);
        plan.Add(new FailStep($"exec: \"{program}\": not a directory", Errno.ENOTDIR));
        plan.Place(denied);
        plan.Add(new FailStep($"exec: \"{program}\": permission denied", Errno.EACCES));
        plan.Place(invalid);
        plan.Add(new FailStep($"exec: \"{program}\": exec format error", Errno.ENOEXEC));
    }

    // Two rows of the same tries: from the first "permission denied" on the second is taken, so that the end of each row
    // knows what to say.
    private static void Search(
        LaunchPlanBuilder plan,
        string program,
        string path,
        Func<string, CallStep> attempt,
        Label? done
    )
    {
        string[] directories = path.Split(':');
        Label[] afterDenied = new Label[directories.Length];
        for (int i = 0; i < afterDenied.Length; i++)
        {
            afterDenied[i] = plan.NewLabel($"'{program}' has been denied");
        }

        Label missing = plan.NewLabel("the program is missing");
        Label denied = plan.NewLabel("the program is not for this user");
        Label invalid = plan.NewLabel("the program has no known format");
        for (int row = 0; row < 2; row++)
        {
            Label last = row == 0 ? missing : denied;
            for (int i = 0; i < directories.Length; i++)
            {
                string directory = directories[i].Length == 0 ? "." : directories[i].TrimEnd('/');
                string candidate = $"{directory}/{program}";
                Label next = plan.NewLabel("the next directory of PATH");
                Label onDenied = i + 1 < directories.Length ? afterDenied[i + 1] : denied;
                bool end = i + 1 == directories.Length;
                if (row == 1)
                {
                    if (i == 0)
                    {
                        continue;
                    }

                    plan.Place(afterDenied[i]);
                }

                Add(
                    plan,
                    attempt(candidate),
                    done,
                    [
                        new Branch(Errno.ENOENT, end ? last : next),
                        new Branch(Errno.ENOTDIR, end ? last : next),
                        new Branch(Errno.EACCES, onDenied),
                        new Branch(Errno.ENOEXEC, invalid),
                    ]
                );
                if (!end)
                {
                    plan.Place(next);
                }
            }

            plan.Place(last);
            plan.Add(
                row == 0
                    ? new FailStep($"exec: \"{program}\": executable file not found in $PATH", Errno.ENOENT)
                    : new FailStep($"exec: \"{program}\": permission denied", Errno.EACCES)
            );
        }

        plan.Place(invalid);
        plan.Add(new FailStep($"exec: \"{program}\": exec format error", Errno.ENOEXEC));
    }
}
