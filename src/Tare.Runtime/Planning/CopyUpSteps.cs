using Tare.Launch;
using Tare.Runtime.CopyUp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// A tmpfs that begins with what it covers (<c>tmpcopyup</c>). The plan knows no loops, so the launcher copies: it is sent
/// the opened directory and the tmpfs, which is attached nowhere yet, and the plan waits. Nothing is resolved by a path.
/// </summary>
internal static class CopyUpSteps
{
    /// <summary>Has the contents copied. Preconditions: the tmpfs is writable and not in its place.</summary>
    public static void Write(PlanState state, ValidatedMount mount, Slot covered, Slot made)
    {
        LaunchPlanBuilder plan = state.Plan;
        ContainerPath path = mount.Destination;
        Slot socket = state.Inputs.CopyUpSocket ?? plan.NewInput("the launcher's socket");
        state.Inputs = state.Inputs with { CopyUpSocket = socket };
        MessageSteps.Send(
            plan,
            $"hand '{path}' and the tmpfs for it to the launcher",
            socket,
            [(byte)'+'],
            [covered, made]
        );
        int gate = plan.Gate($"wait until what lies in '{path}' has been copied");
        state.CopyUps.Add(new PlannedCopyUp(gate, path, RootOf(mount.Options.Data)));
    }

    // What the options say holds. tmpfs(5).
    private static CopiedRoot RootOf(string options)
    {
        CopiedRoot root = CopiedRoot.All;
        foreach (string option in options.Split(','))
        {
            root &= option.Split('=')[0] switch
            {
                "mode" => ~CopiedRoot.Mode,
                "uid" => ~CopiedRoot.User,
                "gid" => ~CopiedRoot.Group,
                _ => CopiedRoot.All,
            };
        }

        return root;
    }
}
