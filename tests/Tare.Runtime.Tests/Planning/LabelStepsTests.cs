using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Where in a plan the labels of security modules are set; that they hold is tested in virtual machines.</summary>
public sealed class LabelStepsTests
{
    private static readonly RuntimeSpec Confined = Specs.Default.Process(process =>
        process with
        {
            ApparmorProfile = "tight",
        }
    );

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void The_profile_is_set_behind_the_seal_and_before_the_filter(bool byCall, bool noNewPrivileges)
    {
        RuntimeSpec spec = Confined
            .Process(process => process with { NoNewPrivileges = noNewPrivileges })
            .Linux(linux => linux with { Seccomp = new SeccompSpec { DefaultAction = SeccompActionType.Allow } });

        LaunchPlan plan = Specs.Steps(spec, Specs.Context with { HasAttributeCalls = byCall });

        int seal = plan.Steps.IndexOf(plan.Steps.OfType<SealStep>().Single());
        int set = plan.IndexOf("put the program under the AppArmor profile 'tight'");
        int filter = plan.Calls(Syscall.seccomp)[0];
        Assert.True(seal < set && set < filter);
        Assert.Equal(byCall ? Syscall.lsm_set_self_attr : Syscall.openat2, plan.Call(set).Call);
        Assert.Equal(byCall, plan.Calls(Syscall.lsm_set_self_attr).Count == 1);
    }

    [Fact]
    public void What_the_kernel_is_told_is_a_struct_lsm_ctx()
    {
        LaunchPlan plan = Specs.Steps(Confined);

        CallStep call = plan.Call(plan.Calls(Syscall.lsm_set_self_attr)[0]);

        byte[] context = call.Arguments[1].Blob.ToArray();
        Assert.Equal((long)LsmAttribute.LSM_ATTR_EXEC, call.Arguments[0].Value);
        Assert.Equal((ulong)LsmId.LSM_ID_APPARMOR, BitConverter.ToUInt64(context));
        Assert.Equal((ulong)context.Length, BitConverter.ToUInt64(context, 16));
        Assert.Equal("exec tight", Encoding.ASCII.GetString(context, 32, BitConverter.ToInt32(context, 24)));
        Assert.Equal(context.Length, call.Arguments[2].Value);
    }

    [Fact]
    public void File_systems_of_the_kernels_get_a_context_but_those_that_it_labels_itself()
    {
        const string Label = "u:r:t:s0:c1,c2";
        RuntimeSpec spec = Specs.Default.Linux(linux => linux with { MountLabel = Label });

        ValidatedSpec valid = Specs.Validate(spec);
        LaunchPlan plan = Specs.Steps(spec);

        Assert.Equal(
            ["/dev", "/dev/pts", "/dev/shm", "/dev/mqueue"],
            valid.Mounts.Where(mount => mount.Label == Label).Select(mount => mount.Destination.ToString())
        );
        string?[] data = [.. plan.Calls(Syscall.mount).Select(i => plan.Call(i).Arguments[4].AsText())];
        Assert.Contains($"mode=1777,size=65536k,context=\"{Label}\"", data);
        Assert.Contains($"size=0,nr_inodes=1,context=\"{Label}\"", data);
        CallStep queues = plan.Call(Assert.Single(plan.Calls(Syscall.setxattr)));
        Assert.Equal("label '/dev/mqueue'", queues.Words);
        Assert.Equal($"{Label}\0", Encoding.ASCII.GetString(queues.Arguments[2].Blob.Span));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\"b")]
    public void A_name_that_the_kernel_would_cut_is_refused(string label)
    {
        SpecException e = Assert.Throws<SpecException>(() =>
            Specs.Validate(Specs.Default.Linux(linux => linux with { MountLabel = label }))
        );

        Assert.StartsWith("linux.mountLabel: contains a zero byte, a line break", e.Message, StringComparison.Ordinal);
    }
}
