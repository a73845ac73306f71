using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Checkpoints;
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
            CgroupSystemd = true,
            CgroupRdma = true,
            Seccomp = SeccompRules.Features,
            AppArmor = true,
            Selinux = true,
            Annotations = new Dictionary<string, string>
            {
                ["io.tare.version"] = Texts.Number,
                ["io.tare.commit"] = Texts.Commit,

                // A program looks for it under the name that runc gave it.
                ["org.opencontainers.runc.checkpoint.enabled"] = "true",
            },
            PotentiallyUnsafeConfigAnnotations = ["org.systemd.property.", CriuConfiguration.Annotation],
        };
        Output.Write(features.Write());
        Output.Write("\n"u8);
        return 0;
    }
}
