using System.Collections.Immutable;
using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Validation;

/// <summary>Checks a container's configuration as a whole and makes it a <see cref="ValidatedSpec"/>.</summary>
public static class SpecValidator
{
    /// <summary>Checks every property; the first that is wrong ends it.</summary>
    /// <exception cref="SpecException">A property is wrong, or asks for something that is not supported.</exception>
    public static ValidatedSpec Validate(RuntimeSpec spec, ValidationContext context)
    {
        if (spec.Unsupported.Count != 0)
        {
            throw new SpecException(
                spec.Unsupported[0],
                "is not supported yet (leave it out, or run this container with another runtime)"
            );
        }

        if (spec.Process is null && !context.WaitsForStart)
        {
            throw MissingProcess();
        }

        LinuxSpec linux = spec.Linux ?? new LinuxSpec();
        ImmutableArray<string>.Builder warnings = ImmutableArray.CreateBuilder<string>(0);
        ValidatedNamespaces namespaces = NamespaceRules.Check(linux, context);
        (ImmutableArray<IdMapping> uids, ImmutableArray<IdMapping> gids) = MappingRules.Check(linux, namespaces);
        ValidatedProcess process = spec.Process is null
            ? ValidatedProcess.None
            : ProcessValidator.Validate(spec.Process, "process");
        MappingRules.CheckUser(process, uids, gids);
        string? mountLabel = LabelRules.Check("linux.mountLabel", linux.MountLabel);
        ConsoleRules.Check(process, context);
        warnings.AddRange(process.Warnings);
        return new ValidatedSpec
        {
            Document = spec,
            Bundle = context.Bundle,
            Root = RootRules.Check(spec.Root, linux, context),
            Namespaces = namespaces,
            Process = process,
            Hostname = HostNameRules.Check("hostname", spec.Hostname, namespaces),
            Domainname = HostNameRules.Check("domainname", spec.Domainname, namespaces),
            Mounts = LabelRules.Give(mountLabel, MountRules.Check(spec.Mounts, context, uids, gids, warnings)),
            MountLabel = mountLabel,
            Devices = DeviceRules.Check(linux.Devices),
            NetDevices = NetDeviceRules.Check(linux.NetDevices, namespaces, context),
            Sysctls = SysctlRules.Check(linux.Sysctl, spec, namespaces),
            MaskedPaths = PathRules.Check("linux.maskedPaths", linux.MaskedPaths),
            ReadonlyPaths = PathRules.Check("linux.readonlyPaths", linux.ReadonlyPaths),
            UidMappings = uids,
            GidMappings = gids,
            Personality = PersonalityRules.Check(linux.Personality),
            MemoryPolicy = MemoryPolicyRules.Check(linux.MemoryPolicy),
            TimeOffsets = TimeRules.Check(linux.TimeOffsets, namespaces),
            CgroupsPath = CheckCgroupsPath(linux.CgroupsPath, context),
            Resources = ResourceRules.Check(linux.Resources),
            IntelRdt = IntelRdtRules.Check(linux.IntelRdt),
            Seccomp = SeccompRules.Check(spec),
            Hooks = HookRules.Check(spec.Hooks),
            Warnings = warnings.ToImmutable(),
        };
    }

    /// <summary>What <c>start</c> says of a container that was created without a program.</summary>
    public static SpecException MissingProcess() => new("process", "is missing (name the program in process.args)");

    // An empty one leaves the place to the runtime, as callers of runc have it.
    private static string? CheckCgroupsPath(string? path, ValidationContext context) =>
        context.SystemdCgroup || string.IsNullOrEmpty(path) || CgroupPath.Problem(path) is not { } problem
            ? path
            : throw new SpecException("linux.cgroupsPath", problem);
}
