using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>In which order a container is furnished and closed.</summary>
internal static class MountLaws
{
    public static void Check(LaunchPlan plan, ValidatedSpec spec)
    {
        int program = plan.Calls(Syscall.execve)[0];
        int[] hidden = [.. In(plan, "masked paths"), .. In(plan, "read-only paths")];
        int[] furnishing = [.. In(plan, "mounts"), .. In(plan, "devices"), .. In(plan, "console")];
        Assert.All(
            hidden,
            i => Assert.True(i > furnishing.DefaultIfEmpty(0).Where(k => Changes(plan, k)).DefaultIfEmpty(0).Max())
        );
        Assert.All(hidden, i => Assert.True(i > In(plan, "kernel parameters").DefaultIfEmpty(0).Max()));

        int[] closed = [.. Enumerable.Range(0, program).Where(i => plan.Steps[i].Words == "make '/' read-only")];
        Assert.Equal(spec.Root.IsReadOnly ? 1 : 0, closed.Length);
        Assert.All(
            closed,
            i =>
                Assert.All(
                    Enumerable.Range(i + 1, program - i - 1),
                    k => Assert.False(Changes(plan, k), plan.Steps[k].Words)
                )
        );

        // A mount gets its attributes before anybody can see it, but for a tmpfs that is filled first and closed at the end,
        // and a root in a mount namespace of others, which being attached is what may share.
        foreach (int i in plan.Calls(Syscall.move_mount))
        {
            Slot mount = plan.Call(i).Arguments[0].Slot!;
            foreach (
                int k in plan.Calls(Syscall.mount_setattr).Where(k => k > i && plan.Call(k).Arguments[0].Slot == mount)
            )
            {
                Assert.True(
                    plan.Steps[k].Words.EndsWith("read-only", StringComparison.Ordinal)
                        || plan.Steps[k].Words == "set the propagation of '/'"
                        || plan.Steps[k].Words.StartsWith("keep mounts ", StringComparison.Ordinal),
                    $"'{plan.Steps[k].Words}' comes after the mount is in its place"
                );
            }
        }
    }

    private static bool Changes(LaunchPlan plan, int index) =>
        plan.Steps[index]
            is CallStep
            {
                Call: Syscall.mount
                    or Syscall.move_mount
                    or Syscall.mkdirat
                    or Syscall.mknodat
                    or Syscall.symlinkat
                    or Syscall.unlinkat
            };

    private static int[] In(LaunchPlan plan, string group) =>
        [.. Enumerable.Range(0, plan.Steps.Length).Where(i => plan.Steps[i].Group == group)];
}
