using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>A mount's missing target was made by its path, and a symlink that came in between led the making onto the host.</summary>
public sealed class Cve2024_45310_DirectoriesMadeOnTheHost
{
    [Fact]
    public void What_is_missing_is_made_by_its_name_in_a_directory_of_the_container()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default.Mount("/a/b/c", "", "/var/lib/volume", "bind"));
        int root = PathLaws.RootAt(plan);
        int[] made = [.. plan.Calls(Syscall.mkdirat), .. plan.Calls(Syscall.mknodat), .. plan.Calls(Syscall.symlinkat)];

        Assert.All(
            made,
            i =>
            {
                CallStep call = plan.Call(i);
                (Argument directory, Argument name) =
                    call.Call == Syscall.symlinkat
                        ? (call.Arguments[1], call.Arguments[2])
                        : (call.Arguments[0], call.Arguments[1]);
                Assert.True(root < i);
                Assert.Equal(ArgumentKind.Slot, directory.Kind);
                Assert.DoesNotContain('/', name.AsText()!);
            }
        );
        Assert.Contains(plan.Steps, step => step.Words == "create the directory '/a/b'");
    }
}
