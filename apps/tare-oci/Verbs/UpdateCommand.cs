using System.Globalization;
using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.Validation;

namespace Tare.OciCli.Verbs;

/// <summary><c>update</c>: other limits for a container that exists.</summary>
internal static class UpdateCommand
{
    public static int Run(Arguments arguments, Settings settings)
    {
        ResourcesSpec resources = arguments.Text("resources") is { } file ? FromFile(file) : FromOptions(arguments);
        using Container container = ContainerCommands.Open(arguments, settings);
        container.Update(resources, RdtOf(arguments));
        return 0;
    }

    private static ResourcesSpec FromFile(string file)
    {
        string name = file == "-" ? "standard input" : file;
        byte[] text =
            file == "-"
                ? ConfigurationFile.ReadOpen(Output.Input, name)
                : ConfigurationFile.Read(file, name, "name a file with a resources object, or - for standard input");
        (ResourcesSpec resources, IReadOnlyList<string> unsupported) = ResourcesDocument.Read(text, name);
        return unsupported.Count == 0
            ? resources
            : throw new SpecException(unsupported[0], "is not supported yet (leave it out)");
    }

    internal static ResourcesSpec FromOptions(Arguments arguments) =>
        new()
        {
            Memory = new MemorySpec
            {
                Limit = Size(arguments, "memory"),
                Reservation = Size(arguments, "memory-reservation"),
                Swap = Size(arguments, "memory-swap"),
                Kernel = Size(arguments, "kernel-memory"),
                KernelTcp = Size(arguments, "kernel-memory-tcp"),
            },
            Cpu = new CpuSpec
            {
                Period = Unsigned(arguments, "cpu-period"),
                Quota = Number(arguments, "cpu-quota"),
                Burst = Unsigned(arguments, "cpu-burst"),
                Shares = Unsigned(arguments, "cpu-share"),
                RealtimePeriod = Unsigned(arguments, "cpu-rt-period"),
                RealtimeRuntime = Number(arguments, "cpu-rt-runtime"),
                Idle = Number(arguments, "cpu-idle"),
                Cpus = arguments.Text("cpuset-cpus"),
                Mems = arguments.Text("cpuset-mems"),
            },
            BlockIo = Weight(arguments, "blkio-weight"),
            Pids = Number(arguments, "pids-limit") is { } pids ? new PidsSpec(pids) : null,
        };

    // Beside a document as well: that is about cgroups.
    private static IntelRdtSpec? RdtOf(Arguments arguments)
    {
        IntelRdtSpec rdt = new()
        {
            L3CacheSchema = arguments.Text("l3-cache-schema") is { Length: > 0 } cache ? cache : null,
            MemBwSchema = arguments.Text("mem-bw-schema") is { Length: > 0 } bandwidth ? bandwidth : null,
        };
        return rdt is { L3CacheSchema: null, MemBwSchema: null } ? null : rdt;
    }

    private static long? Size(Arguments arguments, string name) =>
        arguments.Text(name) is not { Length: > 0 } text ? null
        : Sizes.TryParse(text, out long bytes) ? bytes
        : throw Wrong(name, text, "a number of bytes, with k, m, g or t behind it, or -1 for none");

    private static BlockIoSpec? Weight(Arguments arguments, string name) =>
        Unsigned(arguments, name) switch
        {
            null or 0 => null,
            >= 10 and <= 1000 and var weight => new BlockIoSpec { Weight = (ushort)weight },
            var wrong => throw Wrong(name, $"{wrong}", "a number from 10 to 1000"),
        };

    private static ulong? Unsigned(Arguments arguments, string name) =>
        arguments.Text(name) is not { Length: > 0 } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
        : throw Wrong(name, text, "a number that is not negative");

    private static long? Number(Arguments arguments, string name) =>
        arguments.Text(name) is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
        : throw Wrong(name, text, "a number");

    private static UsageException Wrong(string name, string text, string remedy) =>
        new($"invalid value \"{text}\" for --{name} (use {remedy})");
}
