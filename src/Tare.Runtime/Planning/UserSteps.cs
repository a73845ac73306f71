using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Becoming somebody in a user namespace: whoever has just come into one is nobody there, and nobody can own a file.
/// user_namespaces(7).
/// </summary>
internal static class UserSteps
{
    private const string Group = "namespaces";

    /// <summary>Becomes somebody in a user namespace that has been made or joined, if there is one.</summary>
    public static void Enter(PlanState state, ValidatedSpec spec)
    {
        if (!spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER))
        {
            return;
        }

        if (!spec.Namespaces.Makes(CloneFlags.CLONE_NEWUSER))
        {
            BecomeRoot(state);
            return;
        }

        state.Plan.Group(Group);
        if (state.Context.WritesOwnMaps)
        {
            UserMapCalls.WriteOwn(
                state.Plan,
                (spec.UidMappings[0].ContainerId, spec.UidMappings[0].HostId),
                (spec.GidMappings[0].ContainerId, spec.GidMappings[0].HostId)
            );
        }
        else
        {
            NamespaceSteps.WaitForMaps(state);
        }

        BecomeMapped(state, spec);
    }

    /// <summary>Becomes the root of a user namespace that has been joined, or the program's user where it has none.</summary>
    public static void BecomeRoot(PlanState state)
    {
        state.Plan.Group(Group);
        Become(state, Syscall.setresgid, "group", state.Process.Gid);
        Become(state, Syscall.setresuid, "user", state.Process.Uid);
    }

    private static void BecomeMapped(PlanState state, ValidatedSpec spec)
    {
        uint gid = MappingRules.Maps(spec.GidMappings, 0) ? 0 : spec.Process.Gid;
        uint uid = MappingRules.Maps(spec.UidMappings, 0) ? 0 : spec.Process.Uid;
        state.Plan.Call("become a group of the user namespace", Syscall.setresgid, gid, gid, gid);
        state.Plan.Call("become a user of the user namespace", Syscall.setresuid, uid, uid, uid);
    }

    private static void Become(PlanState state, Syscall call, string what, uint id)
    {
        LaunchPlanBuilder plan = state.Plan;
        string words = $"become a {what} of the user namespace";
        Label unmapped = plan.NewLabel($"the user namespace has no {what} 0");
        Label done = plan.NewLabel($"there is a {what}");
        plan.Add(new CallStep(words, call, [0, 0, 0]) { Branches = [new Branch(Errno.EINVAL, unmapped)] });
        plan.Add(new JumpStep($"the {what} is 0", done));
        plan.Place(unmapped);
        plan.Call(words, call, id, id, id);
        plan.Place(done);
    }
}
