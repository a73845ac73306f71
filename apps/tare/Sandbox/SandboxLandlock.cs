using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;
using Tare.Runtime.Planning;

namespace Tare.Cli.Sandbox;

/// <summary>What a sandbox's program may reach of files and ports, from the document of <c>--landlock</c>.</summary>
internal static class SandboxLandlock
{
    private const int LongestPolicy = 16 << 20;

    /// <summary>Reads it, as whoever calls tare; null where none is asked for.</summary>
    /// <exception cref="UsageException">The file holds no policy.</exception>
    public static LandlockPolicy? Read(RunOptions options)
    {
        if (options.LandlockFile is not { } path)
        {
            return null;
        }

        using FileFd file = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open", path, "--landlock reads it");
        try
        {
            return LandlockDocument.Read(Files.ReadToEnd(file, LongestPolicy).OrThrow("read", path));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--landlock: '{path}': {e.Message}");
        }
    }

    /// <summary>The part that the program's process does: paths are those of the sandbox, which are not this machine's files.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="ruleset">What of it the kernel enforces.</param>
    public static LandlockEntry EntryOf(LandlockPolicy policy, LandlockRuleset ruleset) =>
        new(
            [
                .. policy
                    .Paths.Select(rule => new LandlockPathEntry(
                        rule.Path,
                        rule.Access & ruleset.HandledFiles,
                        rule.Optional
                    ))
                    .Where(rule => rule.Access != LandlockAccessFs.None),
            ],
            policy.Logging
        );
}
