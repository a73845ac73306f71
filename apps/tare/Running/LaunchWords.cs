using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Diagnosis;

namespace Tare.Cli.Running;

/// <summary>Why a sandbox did not start: in words, and as an exit status.</summary>
internal static class LaunchWords
{
    private const int Failed = 125;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>One line.</summary>
    public static string Describe(LaunchException failure, SandboxPlan plan) =>
        failure.Hint is null && Hint(failure.Failure, plan) is { } hint ? $"{failure.Message} ({hint})"
        : StatusOf(failure, plan) == NotFound && !plan.Spec.Process.Args[0].Contains('/', StringComparison.Ordinal)
            // Also where a directory of PATH may not be searched, which the kernel tells like a program that may not be
            // executed.
            ? $"exec: \"{plan.Spec.Process.Args[0]}\": executable file not found in $PATH: {Errno.ENOENT}"
        : ProgramDiagnosis.Describe(failure, plan.RootPath, plan.Spec.Process);

    /// <summary>As shells have it: 127 for a program that is not there, 126 for one that cannot be executed.</summary>
    public static int StatusOf(LaunchException failure, SandboxPlan plan) =>
        !ProgramDiagnosis.IsProgram(failure.Failure.Words) ? Failed
        : failure.Failure.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES
        && !ProgramDiagnosis.IsThere(plan.RootPath, plan.Spec.Process)
            ? NotFound
        : NotExecutable;

    private static string? Hint(LaunchFailure failure, SandboxPlan plan) =>
        failure switch
        {
            { Errno: Errno.EPERM or Errno.ENODEV }
                when failure.Words.StartsWith("mount overlay", StringComparison.Ordinal) =>
                "overlay in a user namespace needs Linux 5.11; 'tare doctor' tells what this kernel can do",
            { Errno: Errno.EINVAL }
                when plan.LayersPath is { } layers
                    && failure.Words.StartsWith("mount overlay", StringComparison.Ordinal) =>
                $"overlay may not take the file system of '{layers}' for its layers: choose another place by --state",
            _ when StepDiagnosis.IsRamdisk(failure) =>
                "this machine's root is a ramdisk, which pivot_root refuses: move to a root that is mounted (switch_root)",
            { Errno: Errno.EPERM, Words: "write the user namespace's uid_map" } =>
                "root without CAP_SETFCAP may not map itself: in a sandbox of root's, start the outer one with --cap-add ALL",
            _ => null,
        };
}
