using System.Collections.Immutable;
using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// The namespaces: joined ones first, then new ones. Where the order of owners asks for it, or a PID namespace is joined,
/// the process that goes on is a second one, made after joining.
/// </summary>
internal static class NamespaceSteps
{
    /// <summary>The heading of the steps that make and join namespaces.</summary>
    public const string Group = "namespaces";

    // A time namespace is for children and programs to come, a cgroup namespace begins where its maker is by then.
    private const CloneFlags Later = CloneFlags.CLONE_NEWTIME | CloneFlags.CLONE_NEWCGROUP;

    /// <summary>
    /// Joins and makes all but <see cref="EnterCgroup"/>'s, the time namespace, and a mount namespace that is joined.
    /// </summary>
    public static void Enter(PlanState state, ValidatedSpec spec)
    {
        LaunchPlanBuilder plan = state.Plan;
        ValidatedNamespaces namespaces = spec.Namespaces;
        CloneFlags made = namespaces.New & ~Later & ~(HasInit(state, spec) ? CloneFlags.CLONE_NEWPID : 0);
        CloneFlags joined = namespaces.All & ~namespaces.New;
        plan.Group(Group);
        plan.Undumpable |= (joined & (CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWUSER)) != 0;

        // Who joins needs privileges over what is joined, which a new user namespace takes away and a joined one gives.
        bool again =
            joined != 0
            && ((namespaces.All & CloneFlags.CLONE_NEWUSER) != 0 || (joined & CloneFlags.CLONE_NEWPID) != 0);
        plan.CloneFlags = again ? CloneFlags.None : made;
        Join(state, namespaces.Joined);
        if (again && HasInit(state, spec))
        {
            // The program's process is still to come.
            plan.Call("make the new namespaces", Syscall.unshare, Argument.Flags(made));
        }
        else if (again)
        {
            plan.Add(new SpawnStep($"create the process in the joined namespaces{Words(made)}", made));
        }
    }

    /// <summary>
    /// Joins the mount namespace; from here on paths are those of that one, whose files may be anybody's.
    /// </summary>
    public static void JoinMounts(PlanState state, ValidatedSpec spec)
    {
        if (spec.Namespaces.Joins(CloneFlags.CLONE_NEWNS))
        {
            state.Plan.Group(Group);
            Join(state, state.Inputs.Namespaces.First(input => input.Kind == CloneFlags.CLONE_NEWNS));
        }
    }

    /// <summary>The PID namespace gets an init of its own.</summary>
    public static bool HasInit(PlanState state, ValidatedSpec spec) =>
        state.Context.HasInit && spec.Namespaces.Makes(CloneFlags.CLONE_NEWPID);

    /// <summary>Waits until the launcher has written the maps of a new user namespace.</summary>
    public static void WaitForMaps(PlanState state)
    {
        state.Plan.Group(Group);
        state.Gates = state.Gates with { Mappings = state.Plan.Gate("wait for the user namespace's maps") };
    }

    /// <summary>Makes the cgroup namespace, once the process is in its cgroup.</summary>
    public static void EnterCgroup(PlanState state, ValidatedSpec spec)
    {
        if (spec.Namespaces.Makes(CloneFlags.CLONE_NEWCGROUP))
        {
            state.Plan.Call("make a cgroup namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWCGROUP));
        }
    }

    /// <summary>
    /// Makes the time namespace, which the program will be in, and sets its clocks; through the host's procfs, so before
    /// the root changes and before the user does, to whom the file would not belong.
    /// </summary>
    public static void EnterTime(PlanState state, ValidatedSpec spec)
    {
        if (!spec.Namespaces.Makes(CloneFlags.CLONE_NEWTIME))
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        plan.Call("make a time namespace for the program", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWTIME));
        if (spec.TimeOffsets is { } offsets)
        {
            const string Words = "set the clocks of the time namespace";
            Slot file = plan.NewSlot("timens_offsets");
            byte[] text = Encoding.ASCII.GetBytes(offsets);
            plan.CallInto(
                file,
                Words,
                Syscall.openat,
                Argument.WorkingDirectory,
                "/proc/self/timens_offsets",
                Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
            );
            plan.Call(Words, Syscall.write, file, Argument.Struct(text), text.Length);
        }

        // Before Linux 6.3 no execve enters it: it is joined like one of others.
        const string OpenWords = "open the time namespace";
        Slot opened = plan.NewSlot("the time namespace");
        plan.CallInto(
            opened,
            OpenWords,
            Syscall.openat,
            Argument.WorkingDirectory,
            "/proc/self/ns/time_for_children",
            Argument.Flags(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC)
        );
        state.TimeNamespace = state.NewPlace("the place of the time namespace");
        plan.Call(OpenWords, Syscall.dup3, opened, state.TimeNamespace, Argument.Flags(OpenFlags.O_CLOEXEC));
    }

    /// <summary>Gives the UTS namespace its names.</summary>
    public static void Name(PlanState state, ValidatedSpec spec)
    {
        state.Plan.Group(Group);
        if (spec.Hostname is { } host)
        {
            state.Plan.Call($"set the host name '{host}'", Syscall.sethostname, host, Encoding.UTF8.GetByteCount(host));
        }

        if (spec.Domainname is { } domain)
        {
            state.Plan.Call(
                $"set the domain name '{domain}'",
                Syscall.setdomainname,
                domain,
                Encoding.UTF8.GetByteCount(domain)
            );
        }
    }

    private static void Join(PlanState state, ImmutableArray<JoinedNamespace> namespaces)
    {
        if (namespaces.IsEmpty)
        {
            return;
        }

        ImmutableArray<NamespaceInput>.Builder inputs = ImmutableArray.CreateBuilder<NamespaceInput>(namespaces.Length);
        bool userFirst = !state.Context.Privileged;
        for (int round = 0; round < 2; round++)
        {
            foreach (JoinedNamespace ns in namespaces)
            {
                bool isUser = ns.Kind == CloneFlags.CLONE_NEWUSER;
                if (isUser == (userFirst == (round == 0)))
                {
                    Slot slot = state.Plan.NewInput($"the namespace {ns.Path}");
                    NamespaceInput input = new(ns.Kind, ns.Path, slot);
                    inputs.Add(input);
                    if (ns.Kind == CloneFlags.CLONE_NEWTIME)
                    {
                        state.TimeNamespace = slot;
                    }
                    else if (ns.Kind != CloneFlags.CLONE_NEWNS)
                    {
                        Join(state, input);
                    }
                }
            }
        }

        state.Inputs = state.Inputs with { Namespaces = inputs.MoveToImmutable() };
    }

    private static void Join(PlanState state, NamespaceInput ns) =>
        state.Plan.Call($"join the namespace '{ns.Path}'", Syscall.setns, ns.Slot, Argument.Flags(ns.Kind));

    private static string Words(CloneFlags made) => made == CloneFlags.None ? "" : $" with {made}";
}
