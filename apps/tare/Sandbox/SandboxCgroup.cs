using System.Diagnostics;
using System.Globalization;
using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;
using CgroupHierarchy = Tare.Runtime.Cgroups.CgroupHierarchy;

namespace Tare.Cli.Sandbox;

/// <summary>
/// Where the sandbox's cgroup will be, as far as one is needed and can be had. Looks, makes nothing. Owns descriptors of
/// the hierarchies.
/// </summary>
internal sealed class SandboxCgroup : IDisposable
{
    private const string Undelegated = "this user may make no cgroup here";

    private const string Delegation =
        "run it as root, or in a cgroup of this user's: systemd-run --user --scope -p Delegate=yes -- tare run …";

    // What counts for statistics, by the names of both versions.
    private static readonly string[] Counting = ["memory", "cpu", "cpuacct", "blkio", "io", "pids"];

    private SandboxCgroup(RunOptions options, ContainerId id, ContainerCgroup? cgroup, IReadOnlyList<LeftOut> leftOut)
    {
        Options = options;
        Id = id;
        Cgroup = cgroup;
        LeftOut = leftOut;
    }

    /// <summary>The options without the limits that are left out.</summary>
    public RunOptions Options { get; }

    /// <summary>The name of the cgroup and of its record.</summary>
    public ContainerId Id { get; }

    /// <summary>The cgroups, not made yet; null where none is needed or can be had.</summary>
    public ContainerCgroup? Cgroup { get; }

    /// <summary>The limits that are left out.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>A name that no other sandbox on this machine has.</summary>
    public static ContainerId NewId() =>
        ContainerId.Parse(
            string.Create(CultureInfo.InvariantCulture, $"run-{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}")
        );

    /// <summary>Decides.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="caller">By whom.</param>
    /// <param name="id">The name of the cgroup.</param>
    /// <exception cref="ContainerException">A limit cannot be had and must not be left out.</exception>
    public static SandboxCgroup Choose(RunOptions options, Caller caller, ContainerId id)
    {
        if (!options.HasLimits && !options.Statistics)
        {
            return new SandboxCgroup(options, id, null, []);
        }

        IReadOnlyList<CgroupHierarchy> hierarchies = HostCgroups.Read();
        List<LeftOut> leftOut = [];
        RunOptions possible = options;
        foreach ((string option, string controller) in Asked(options))
        {
            if (!hierarchies.Any(hierarchy => hierarchy.Controllers.Contains(controller)))
            {
                possible = Without(possible, controller);
                leftOut.Add(
                    new LeftOut(
                        option,
                        $"there is no cgroup controller '{controller}' here that can be used",
                        "mount its hierarchy, or enable it in the kernel's configuration and command line"
                    )
                );
            }
        }

        IReadOnlyList<CgroupPlace> places = CgroupChoice.Places([.. Needed(hierarchies, possible)], null, id);
        if (!places.All(place => caller.IsPrivileged || MayMake(place)))
        {
            leftOut.AddRange(Asked(possible).Select(limit => new LeftOut(limit.Option, Undelegated, Delegation)));
            return WithoutCgroup(options, id, leftOut);
        }

        return places.Count == 0 ? WithoutCgroup(possible, id, leftOut)
            : leftOut.Count == 0 || options.BestEffort
                ? new SandboxCgroup(possible, id, ContainerCgroup.Open(places), leftOut)
            : throw Refusal(leftOut[0]);
    }

    /// <summary>The same without a cgroup, because it could not be made after all.</summary>
    /// <exception cref="ContainerException">Limits were asked for and must not be left out.</exception>
    public SandboxCgroup GiveUp(string why) =>
        WithoutCgroup(Options, Id, [.. LeftOut, .. Asked(Options).Select(limit => new LeftOut(limit.Option, why))]);

    /// <inheritdoc />
    public void Dispose() => Cgroup?.Dispose();

    private static SandboxCgroup WithoutCgroup(RunOptions options, ContainerId id, IReadOnlyList<LeftOut> leftOut) =>
        leftOut.Count == 0 || options.BestEffort
            ? new SandboxCgroup(options with { Memory = null, Processors = null, Processes = null }, id, null, leftOut)
            : throw Refusal(leftOut[0]);

    private static ContainerException Refusal(LeftOut limit) =>
        new($"{limit.Option}: {limit.Reason} ({limit.Remedy ?? "see 'tare doctor'"}; --best-effort leaves it out)");

    private static IEnumerable<(string Option, string Controller)> Asked(RunOptions options)
    {
        if (options.Memory is not null)
        {
            yield return ("--memory", "memory");
        }

        if (options.Processors is not null)
        {
            yield return ("--cpus", "cpu");
        }

        if (options.Processes is not null)
        {
            yield return ("--pids", "pids");
        }
    }

    private static RunOptions Without(RunOptions options, string controller) =>
        controller switch
        {
            "memory" => options with { Memory = null },
            "cpu" => options with { Processors = null },
            _ => options with { Processes = null },
        };

    // Each hierarchy costs the making and the removing of a group, so only those that are of use are taken; that of
    // cgroup v2 always, by which all processes can be killed at once.
    private static IEnumerable<CgroupHierarchy> Needed(IReadOnlyList<CgroupHierarchy> hierarchies, RunOptions options)
    {
        string[] controllers =
        [
            .. Asked(options).Select(limit => limit.Controller),
            .. options.Statistics ? Counting : [],
        ];
        return hierarchies.Where(hierarchy => hierarchy.IsUnified || hierarchy.Controllers.Any(controllers.Contains));
    }

    // Who makes a group below another and moves a process there must be able to write to both its directory and its list.
    private static bool MayMake(CgroupPlace place)
    {
        int slash = place.Path.LastIndexOf('/');
        string parent = slash < 0 ? place.MountPoint : $"{place.MountPoint}/{place.Path[..slash]}";
        return Files.FAccessAt2(null, parent, AccessModes.W_OK | AccessModes.X_OK).Ok
            && Files.FAccessAt2(null, parent + "/cgroup.procs", AccessModes.W_OK).Ok;
    }
}
