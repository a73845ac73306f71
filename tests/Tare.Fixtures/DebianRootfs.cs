namespace Tare.Fixtures;

/// <summary>A Debian root file system with nginx, redis-server and python3: made once, read-only by agreement.</summary>
public static class DebianRootfs
{
    private static readonly Lazy<string> Made = new(() =>
        Tool.Run(
                Repository.At("eng", "make-debian-rootfs"),
                [],
                new ToolOptions { Deadline = TimeSpan.FromMinutes(15) }
            )
            .ShouldSucceed()
            .Lines[^1]
    );

    /// <summary>Its path. Skips the test without root or mmdebstrap; the first use takes half a minute.</summary>
    public static string Get()
    {
        Require.Root();
        Require.Program("mmdebstrap");
        return Made.Value;
    }
}
