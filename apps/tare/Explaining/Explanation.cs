using Tare.Cli.CommandLine;
using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Launch.Printing;
using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;
using Tare.Runtime.HostView;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Cli.Explaining;

/// <summary><c>tare explain</c>: the plan of a launch, printed. Nothing is made.</summary>
internal static class Explanation
{
    /// <summary>What stands for the name that each sandbox gets when it is made.</summary>
    private static readonly ContainerId Placeholder = ContainerId.Parse("run-ID");

    /// <summary>Prints.</summary>
    public static int Run(RunOptions options)
    {
        (LaunchPlan plan, IReadOnlyList<string> before) = options.Bundle is { } bundle
            ? OfBundle(bundle)
            : OfSandbox(options);
        Output.Write(
            options.Json ? LaunchPlanJson.Format(plan, before) : InWords(before) + LaunchPlanText.Format(plan)
        );
        return 0;
    }

    private static (LaunchPlan Plan, IReadOnlyList<string> Before) OfSandbox(RunOptions options)
    {
        Caller caller = Caller.Read();
        using SandboxCgroup cgroup = SandboxCgroup.Choose(options, caller, Placeholder);
        foreach (LeftOut limit in cgroup.LeftOut)
        {
            Log.LeftOut(limit);
        }

        using SandboxPlan plan = SandboxPlan.Make(cgroup.Options, caller, cgroup.Cgroup);
        IReadOnlyList<string> before = cgroup.Cgroup is null
            ? []
            : CgroupWords(cgroup.Cgroup, SandboxSpec.ResourcesOf(cgroup.Options, cgroup.Cgroup.CountsSwap));
        return (plan.Planned.Plan, before);
    }

    private static (LaunchPlan Plan, IReadOnlyList<string> Before) OfBundle(string bundle)
    {
        SysResult<string> resolved = HostTree.Resolve(bundle);
        string path = resolved.OrThrow("open the bundle", bundle, "name a directory with a config.json");
        RuntimeSpec document = RuntimeSpecReader.Read(ConfigurationFile.ReadBundle(path));
        ValidatedSpec spec = SpecValidator.Validate(
            document,
            new ValidationContext(path)
            {
                Rootless = !Privileges.IsRoot,
                ConsoleSocket = document.Process?.Terminal ?? false,
            }
        );
        foreach (string warning in spec.Warnings)
        {
            Log.Warn(warning);
        }

        ContainerId id = ContainerId.Parse("ID");
        CgroupPath? cgroups = spec.CgroupsPath is { Length: > 0 } text ? CgroupPath.Parse(text) : null;
        using ContainerCgroup cgroup = ContainerCgroup.Open(CgroupChoice.Places(HostCgroups.Read(), cgroups, id));
        LaunchPlan plan = BundlePlan
            .Of(
                spec,
                cgroup,
                new CreateRequest { Id = id, Bundle = path },
                rootPlace: spec.Namespaces.SharesMounts ? $"/run/tare/{id}/rootfs" : null
            )
            .Plan;
        return (plan, CgroupWords(cgroup, spec.Resources));
    }

    // What tare itself does before there is a process. Groups that are there already are not made.
    private static List<string> CgroupWords(ContainerCgroup cgroup, ResourcesSpec resources)
    {
        CgroupPlace[] places = [.. cgroup.Places];
        bool legacy = places.Any(place => place.Controller.Length > 0 && !place.Controller.Contains('='));
        IReadOnlyList<CgroupSetting> settings = legacy ? LegacySettings.Of(resources) : UnifiedSettings.Of(resources);
        List<string> lines = [];
        foreach (CgroupPlace place in places)
        {
            string directory = $"{place.MountPoint}/{place.Path}";
            lines.Add(Log.OneLine($"create the cgroup '{directory}'"));
            foreach (CgroupSetting setting in settings)
            {
                if (legacy ? place.Controller.Split(',').Contains(setting.Controller) : place.Controller.Length == 0)
                {
                    lines.Add(Log.OneLine($"write '{setting.Value}' to '{directory}/{setting.File}'"));
                }
            }
        }

        return lines;
    }

    private static string InWords(IReadOnlyList<string> before) =>
        before.Count == 0 ? "" : $"cgroup, made beforehand by tare itself\n    {string.Join("\n    ", before)}\n\n";
}
