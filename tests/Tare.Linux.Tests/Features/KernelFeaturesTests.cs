using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class KernelFeaturesTests
{
    public static TheoryData<KernelFeature> Features => [.. Enum.GetValues<KernelFeature>()];

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_is_there_or_its_absence_is_explained(KernelFeature feature)
    {
        FeatureState state = KernelFeatures.Get(feature);
        Assert.Equal(feature, state.Feature);
        Assert.NotEqual(feature.ToString(), state.Name);
        Assert.Equal(state.Present, KernelFeatures.Has(feature));
        Assert.Equal(state.Present, state.Why is null);
        Assert.Equal(state.Present, state.Remedy is null);
        Assert.Equal(state, KernelFeatures.Get(feature));
    }

    [Theory]
    [InlineData(KernelFeature.Clone3, Syscall.clone3)]
    [InlineData(KernelFeature.PidFd, Syscall.pidfd_send_signal)]
    [InlineData(KernelFeature.WaitPidFd, Syscall.waitid)]
    [InlineData(KernelFeature.PidFdGetFd, Syscall.pidfd_getfd)]
    [InlineData(KernelFeature.PidFdInfo, Syscall.ioctl)]
    [InlineData(KernelFeature.CloneIntoCgroup, Syscall.clone3)]
    [InlineData(KernelFeature.OpenAt2, Syscall.openat2)]
    [InlineData(KernelFeature.OpenTree, Syscall.open_tree)]
    [InlineData(KernelFeature.MountSetattr, Syscall.mount_setattr)]
    [InlineData(KernelFeature.IdMappedMounts, Syscall.mount_setattr)]
    [InlineData(KernelFeature.CloseRange, Syscall.close_range)]
    [InlineData(KernelFeature.UserNamespaces, Syscall.clone3)]
    [InlineData(KernelFeature.NetworkNamespaces, Syscall.clone3)]
    [InlineData(KernelFeature.Seccomp, Syscall.seccomp)]
    [InlineData(KernelFeature.SeccompNotify, Syscall.seccomp)]
    [InlineData(KernelFeature.Landlock, Syscall.landlock_create_ruleset)]
    public void A_call_that_is_taken_away_is_missed(KernelFeature feature, Syscall call) =>
        MissingCall.Run(
            call,
            Errno.ENOSYS,
            () =>
            {
                FeatureState state = FeatureProbes.Probe(feature);
                Assert.False(state.Present);
                Assert.Equal(Errno.ENOSYS, state.Errno);
                Assert.Contains("ENOSYS", state.Why);
                Assert.NotNull(state.Remedy);
            }
        );

    [Fact]
    public void Probing_leaves_no_descriptor_and_no_child()
    {
        Require.Root();
        OwnThread.Run(() =>
        {
            // A table of its own: other tests open and close descriptors at the same time.
            Namespaces.Unshare(CloneFlags.CLONE_FILES).OrThrow("unshare");
            string before = Table();
            foreach (KernelFeature feature in Enum.GetValues<KernelFeature>())
            {
                FeatureProbes.Probe(feature);
            }

            Assert.Equal(before, Table());
            string children = File.ReadAllText($"/proc/{Processes.GetPid()}/task/{Processes.GetThreadId()}/children");
            Assert.Equal("", children);
        });

        static string Table()
        {
            using DirectoryFd directory = Tare
                .Linux.Files.OpenDirectoryAt(null, "/proc/thread-self/fd")
                .OrThrow("openat");
            return string.Join(' ', DirectoryEntries.Read(directory).OrThrow("getdents64").Select(e => e.Name));
        }
    }

    [Fact]
    public void Root_on_a_current_kernel_has_every_namespace()
    {
        Require.Root();
        Assert.SkipUnless(KernelFeatures.Has(KernelFeature.Clone3), "needs clone3");
        foreach (
            KernelFeature feature in (KernelFeature[])
                [KernelFeature.PidNamespaces, KernelFeature.MountNamespaces, KernelFeature.UtsNamespaces]
        )
        {
            Assert.True(KernelFeatures.Has(feature), KernelFeatures.Get(feature).Why);
        }
    }

    [Fact]
    public void A_limit_of_zero_is_named_with_its_file()
    {
        FeatureState state = new(KernelFeature.NetworkNamespaces, false, Errno.ENOSPC);
        Assert.Contains("/proc/sys/user", state.Why);
        Assert.Contains("max_net_namespaces", state.Remedy);
    }
}
