using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>The profile that Docker and Podman give every container, in a container that runs.</summary>
public sealed class DefaultProfileTests : IDisposable
{
    private const string Profile = "/usr/share/containers/seccomp.json";
    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Every_call_ends_as_it_does_under_runc()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the calls are those of x86_64");
        Assert.SkipUnless(File.Exists(Profile), $"needs {Profile} (package golang-github-containers-common)");
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        string source = Repository.At("tests", "Tare.OciCli.Tests", "Configuration", "calls.c");
        Tool.Run(Require.Program("gcc"), "-O1", "-static", "-o", Path.Combine(rootfs, "bin/calls"), source)
            .ShouldSucceed();
        Bundle bundle = _runtime.NewBundle(
            ["calls"],
            config =>
            {
                config["root"]!["path"] = rootfs;
                config["linux"]!["seccomp"] = ForAContainer(JsonNode.Parse(File.ReadAllText(Profile))!);
            }
        );

        string ours = _runtime.Do("run", "--bundle", bundle.Path, _runtime.NewId()).ShouldSucceed().Output;
        string theirs = Tool.Run(
                Require.Program("runc"),
                "--root",
                _runtime.Folder.At("runc"),
                "run",
                "--bundle",
                bundle.Path,
                _runtime.NewId()
            )
            .ShouldSucceed()
            .Output;

        Assert.True(ours.Split('\n').Length > 350, "few calls were made");
        Assert.Equal(theirs, ours);
    }

    public void Dispose() => _runtime.Dispose();

    // What an engine makes of the profile: the rules that hold for the container's capabilities and this processor.
    private static JsonObject ForAContainer(JsonNode profile)
    {
        JsonArray rules = [];
        foreach (JsonNode? rule in profile["syscalls"]!.AsArray())
        {
            if (Holds(rule!["includes"], all: true) && !Holds(rule["excludes"], all: false))
            {
                JsonObject kept = new()
                {
                    ["names"] = rule["names"]!.DeepClone(),
                    ["action"] = rule["action"]!.DeepClone(),
                };
                if (rule["errnoRet"] is { } errno && (string?)rule["action"] == "SCMP_ACT_ERRNO")
                {
                    kept["errnoRet"] = errno.DeepClone();
                }

                if (rule["args"] is JsonArray { Count: > 0 } arguments)
                {
                    kept["args"] = arguments.DeepClone();
                }

                rules.Add(kept);
            }
        }

        return new JsonObject
        {
            ["defaultAction"] = profile["defaultAction"]!.DeepClone(),
            ["defaultErrnoRet"] = profile["defaultErrnoRet"]?.DeepClone(),
            ["architectures"] = new JsonArray("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
            ["syscalls"] = rules,
        };
    }

    // All that is named must hold, or something of it.
    private static bool Holds(JsonNode? conditions, bool all)
    {
        bool? capabilities = Holds(conditions?["caps"], Capabilities);
        bool? processors = Holds(conditions?["arches"], ["amd64"]);
        return all ? (capabilities ?? true) && (processors ?? true) : (capabilities ?? false) || (processors ?? false);
    }

    private static bool? Holds(JsonNode? names, string[] here) =>
        names is JsonArray { Count: > 0 } given ? given.Any(name => here.Contains((string?)name)) : null;
}
