using Tare.Fixtures;

namespace Tare.Packages.Tests;

/// <summary>The SDK, leaving no server behind.</summary>
internal static class DotNet
{
    private static readonly Dictionary<string, string?> Alone = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    public static ToolResult Run(string workingDirectory, params string[] arguments) =>
        Tool.Run(
                "dotnet",
                arguments,
                new ToolOptions
                {
                    WorkingDirectory = workingDirectory,
                    Environment = Alone,
                    Deadline = TimeSpan.FromMinutes(10),
                }
            )
            .ShouldSucceed();
}
