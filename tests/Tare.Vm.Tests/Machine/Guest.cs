using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>A virtual machine that the tests of a kernel share; booted when the first of them needs it.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="release">The release of Debian whose kernel it has.</param>
/// <param name="options">Words for the kernel's command line: the kernel's own, and those of Guest/init.</param>
/// <param name="more">Adds files that no other machine needs; it is told the kernel.</param>
/// <param name="systemd">Its first process is systemd, on Debian's files; otherwise Guest/init, on busybox.</param>
/// <param name="hardware">The machine; a PC unless it is said.</param>
public abstract class Guest(
    string name,
    string release,
    string options = "",
    Action<CpioArchive, Kernel>? more = null,
    bool systemd = false,
    Hardware? hardware = null
) : IDisposable
{
    private readonly Lazy<VirtualMachine> _machine = new(() =>
        VirtualMachine.Boot(
            name,
            Kernel.Of(hardware ?? Hardware.X64, release),
            options,
            kernel => systemd ? InitialFiles.MakeForSystemd(kernel, more) : InitialFiles.Make(kernel, more)
        )
    );
    private readonly Dictionary<string, string> _specs = [];
    private int _bundles;

    /// <summary>The machine.</summary>
    public Hardware Hardware { get; } = hardware ?? Hardware.X64;

    /// <summary>Runs a shell script as root; see Guest/guest for what it can use. Containers that it leaves are deleted.</summary>
    public ToolResult Run(string script) => _machine.Value.Run(script);

    /// <summary>Makes a bundle of what `tare-oci spec` writes there, with a program's arguments and a busybox root.</summary>
    /// <returns>Its path there.</returns>
    public string Bundle(string[] arguments, Action<JsonObject>? edit = null, string spec = "tare-oci spec")
    {
        JsonObject config = JsonNode.Parse(DefaultConfig(spec))!.AsObject();
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        config["root"]!["path"] = "/rootfs";
        edit?.Invoke(config);
        string path = string.Create(CultureInfo.InvariantCulture, $"/bundles/{++_bundles}");
        Run($"mkdir {path}\ncat >{path}/config.json <<'END'\n{config.ToJsonString()}\nEND\n").ShouldSucceed();
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            _machine.Value.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private string DefaultConfig(string spec)
    {
        if (!_specs.TryGetValue(spec, out string? config))
        {
            config = Run($"cd /tmp && {spec} && cat config.json && rm config.json").ShouldSucceed().Output;
            _specs[spec] = config;
        }

        return config;
    }
}
