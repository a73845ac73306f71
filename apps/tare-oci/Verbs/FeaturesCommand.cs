using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.OciCli.Verbs;

/// <summary><c>features</c>: what this runtime can do, whatever the machine.</summary>
internal static class FeaturesCommand
{
    public static int Run()
    {
        FeaturesDocument features = new()
        {
            Hooks = [.. Enum.GetValues<HookKind>().Select(SpecNames.Of)],
            MountOptions = MountOptionTable.Names,
            Namespaces = Enum.GetValues<NamespaceType>(),
            Capabilities = CapabilityNames.All,
            IdMappedMounts = true,
            NetDevices = true,
            IntelRdt = true,
            MemoryPolicyModes = MemoryPolicyRules.Modes,
            MemoryPolicyFlags = MemoryPolicyRules.Flags,
            CgroupV1 = true,
            CgroupV2 = true,
            CgroupRdma = true,
            Seccomp = SeccompRules.Features,
            Annotations = new Dictionary<string, string>
            {
                ["io.tare.version"] = Texts.Number,
                ["io.tare.commit"] = Texts.Commit,
            },
        };
        Output.Write(features.Write());
        Output.Write("\n"u8);
        return 0;
    }
}
