using Tare.Fixtures;

namespace Tare.Callers.Tests.Machine;

/// <summary>The images that a machine's registry serves: busybox and Debian, made once.</summary>
public static class Images
{
    private static readonly Lazy<string> Made = new(() =>
    {
        foreach (string program in (string[])["mmdebstrap", "umoci", "skopeo", "docker-registry"])
        {
            Require.Program(program);
        }

        return Tool.Run(
                Repository.At("eng", "make-engine-images"),
                [],
                new ToolOptions { Deadline = TimeSpan.FromMinutes(15) }
            )
            .ShouldSucceed()
            .Lines[^1];
    });

    /// <summary>Where they are. Skips the test where what makes them is missing.</summary>
    public static string Folder => Made.Value;
}
