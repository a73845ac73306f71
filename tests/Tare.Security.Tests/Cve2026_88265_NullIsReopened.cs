using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// Without a /dev of the runtime's making, the runtime opens /dev/null or /dev/console again inside of the image, in place of
/// standard streams that are closed or for the terminal (CVE-2026-88264), and follows a symlink that the image has there.
/// </summary>
public sealed class Cve2026_88265_NullIsReopened
{
    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Closed_streams_are_not_the_images_null(string closing)
    {
        using Victim victim = new();
        using Bundle bundle = new(
            ["sh", "-c", "readlink /proc/self/fd/0 >/look; readlink /proc/self/fd/1 >>/look"],
            edit: config =>
            {
                config.WithoutDev().Writable().Bind(victim.Canary, "/canary");
                config["linux"]!["maskedPaths"] = new System.Text.Json.Nodes.JsonArray();
            }
        );
        File.WriteAllText(Path.Combine(bundle.Rootfs, "canary"), "");
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev", "null"), "/canary");
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev", "console"), "/canary");

        Tool.Run(
            "sh",
            "-c",
            $"exec {closing}; \"$@\" || true",
            "sh",
            victim.Runtime,
            "--root",
            victim.State,
            "run",
            "--bundle",
            bundle.Path,
            victim.NewId()
        );

        string look = Path.Combine(bundle.Rootfs, "look");
        Assert.True(
            !File.Exists(look) || !File.ReadAllText(look).Contains("canary", StringComparison.Ordinal),
            "a stream is the attacker's file"
        );
        victim.HostShouldBeUntouched();
    }
}
