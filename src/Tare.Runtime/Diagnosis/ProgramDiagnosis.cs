using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Diagnosis;

/// <summary>
/// Says why a program was not executed: the kernel's errno alone does not tell a missing program from a missing
/// interpreter. The files are looked at afterwards, from outside; what a mount of the container showed is not seen.
/// </summary>
public static class ProgramDiagnosis
{
    /// <summary>The failure of a launch on one line, with the reason where it can be found.</summary>
    /// <param name="failure">What failed.</param>
    /// <param name="rootfs">The container's root file system, by its path on this machine.</param>
    /// <param name="process">The program.</param>
    public static string Describe(LaunchException failure, string rootfs, ValidatedProcess process)
    {
        string? reason = IsProgram(failure.Failure.Words)
            ? Reason(failure.Failure.Errno, rootfs, process.Args[0], process.Env, process.Cwd.ToString())
            : StepDiagnosis.Reason(failure.Failure);
        return reason is null ? failure.Message : $"{failure.Failure} ({reason})";
    }

    /// <summary>Why a program could not be executed; null where nothing more can be said.</summary>
    /// <param name="errno">What execve(2) said.</param>
    /// <param name="rootfs">The root file system, by its path on this machine.</param>
    /// <param name="program">The program as it was named.</param>
    /// <param name="env">Its environment, for PATH.</param>
    /// <param name="cwd">Its working directory.</param>
    public static string? Reason(Errno errno, string rootfs, string program, ImmutableArray<string> env, string cwd)
    {
        if (errno == Errno.E2BIG)
        {
            return "an argument or variable is longer than 128 KiB, or all of them than a quarter of RLIMIT_STACK";
        }

        using RootDirectory? root = RootDirectory.TryOpen(rootfs);
        if (root is null)
        {
            return null;
        }

        string? path = ProgramSearch.Find(root, program, ProgramEnvironment.Find(env, "PATH"), cwd);
        return path is null
            ? errno != Errno.ENOENT || program.Contains('/', StringComparison.Ordinal)
                ? null
                : "no directory of PATH holds it"
            : ProgramFile.Problem(root, path, errno);
    }

    /// <summary>Whether there is a file that the program's name means, executable or not.</summary>
    /// <param name="rootfs">The root file system, by its path on this machine.</param>
    /// <param name="process">The program.</param>
    public static bool IsThere(string rootfs, ValidatedProcess process)
    {
        using RootDirectory? root = RootDirectory.TryOpen(rootfs);
        return root is not null
            && ProgramSearch.Find(
                root,
                process.Args[0],
                ProgramEnvironment.Find(process.Env, "PATH"),
                process.Cwd.ToString()
            )
                is not null;
    }

    /// <summary>Whether a failed step was to execute the program.</summary>
    public static bool IsProgram(string words) =>
        words.StartsWith("exec: ", StringComparison.Ordinal) || words.StartsWith("execute '", StringComparison.Ordinal);
}
