using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class CapabilityRulesTests
{
    [Fact]
    public void None_is_what_a_process_without_them_gets() => Assert.Equal(default, Sets(null, out _));

    [Fact]
    public void A_name_that_is_none_is_left_out_and_told()
    {
        CapabilitySets sets = Sets(
            new CapabilitiesSpec { Bounding = ["CAP_KILL", "CAP_FLY"], Permitted = ["CAP_SWIM"] },
            out IReadOnlyList<string> warnings
        );

        Assert.Equal(1UL << (int)Capability.CAP_KILL, sets.Bounding);
        Assert.Equal(
            [
                "process.capabilities.bounding: 'CAP_FLY' is no capability and is left out",
                "process.capabilities.permitted: 'CAP_SWIM' is no capability and is left out",
            ],
            warnings
        );
    }

    [Fact]
    public void What_is_effective_must_be_permitted() =>
        Assert.Equal(
            "process.capabilities.effective: CAP_KILL is not in permitted (add it there)",
            Refuse(new CapabilitiesSpec { Effective = ["CAP_KILL"] })
        );

    [Fact]
    public void What_is_inherited_must_be_in_the_bounding_set() =>
        Assert.Equal(
            "process.capabilities.inheritable: CAP_KILL is not in bounding (add it there)",
            Refuse(new CapabilitiesSpec { Inheritable = ["CAP_KILL"] })
        );

    [Fact]
    public void What_is_ambient_and_not_both_permitted_and_inheritable_is_left_out_and_told()
    {
        CapabilitySets sets = Sets(
            new CapabilitiesSpec
            {
                Bounding = ["CAP_KILL", "CAP_CHOWN"],
                Permitted = ["CAP_KILL", "CAP_CHOWN"],
                Inheritable = ["CAP_CHOWN"],
                Ambient = ["CAP_KILL", "CAP_CHOWN"],
            },
            out IReadOnlyList<string> warnings
        );

        Assert.Equal(1UL << (int)Capability.CAP_CHOWN, sets.Ambient);
        Assert.Equal(
            ["process.capabilities.ambient: CAP_KILL is not both permitted and inheritable and is left out"],
            warnings
        );
    }

    private static CapabilitySets Sets(CapabilitiesSpec? capabilities, out IReadOnlyList<string> warnings)
    {
        ValidatedSpec spec = Specs.Validate(
            Specs.Default.Process(process => process with { Capabilities = capabilities })
        );
        warnings = spec.Warnings;
        return spec.Process.Capabilities;
    }

    private static string Refuse(CapabilitiesSpec capabilities) =>
        Refusal.OfProcess(process => process with { Capabilities = capabilities });
}
