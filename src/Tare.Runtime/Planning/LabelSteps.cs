using System.Text;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// What security modules are told: the AppArmor profile and the SELinux context that the program gets when it is executed,
/// and the context of file systems. See docs/adr/0007-labels.md.
/// </summary>
/// <remarks>
/// The program's are set in the sealed image, whose own execution would take them otherwise; processes that it makes
/// inherit them. Linux 6.8 has a call for it. Before that a process writes to files of its own in a procfs, which must be
/// opened by the image that writes; so the image is handed the directory, as a mount that leads nowhere else.
/// </remarks>
internal static class LabelSteps
{
    private const string Group = "labels";
    private const string Directory = "/proc/thread-self/attr";

    /// <summary>
    /// Takes the directory of the process's own attributes along, where it is needed, while the host's procfs is there. No
    /// process may be made from here to the seal.
    /// </summary>
    public static void Prepare(PlanState state)
    {
        ValidatedProcess process = state.Process;
        if (state.Context.HasAttributeCalls || process is { AppArmorProfile: null, SelinuxLabel: null })
        {
            return;
        }

        const string Words = "open the process's security attributes";
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        Slot opened = plan.NewSlot("the process's security attributes");
        Slot place = state.NewPlace("the place of the process's security attributes");
        Label old = plan.NewLabel("all modules have one directory");
        Label plain = plan.NewLabel("this user may not pick mounts");
        Label done = plan.NewLabel("the attributes are open");
        if (process.AppArmorProfile is not null)
        {
            Pick(plan, Words, opened, $"{Directory}/apparmor", [new(Errno.ENOENT, old), new(Errno.EPERM, plain)]);
            plan.Add(new JumpStep("the module has a directory of its own", done));
            plan.Place(old);
        }

        Pick(plan, Words, opened, Directory, [new(Errno.EPERM, plain)]);
        plan.Add(new JumpStep("the attributes are a mount of their own", done));
        plan.Place(plain);
        plan.CallInto(
            opened,
            Words,
            Syscall.openat,
            Argument.WorkingDirectory,
            Directory,
            Argument.Flags(OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC)
        );
        plan.Place(done);
        plan.Call(Words, Syscall.dup3, opened, place, Argument.Flags(OpenFlags.O_CLOEXEC));
        Checks.IsOn(state, place, FileSystemMagic.PROC_SUPER_MAGIC, "make sure that they are in a procfs");
        state.Attributes = place;
    }

    /// <summary>Has the program get its profile and its context when it is executed. Behind the seal.</summary>
    public static void Write(PlanState state)
    {
        state.Plan.Group(Group);
        if (state.Process.AppArmorProfile is { } profile)
        {
            Set(
                state,
                $"put the program under the AppArmor profile '{profile}'",
                LsmId.LSM_ID_APPARMOR,
                LsmAttribute.LSM_ATTR_EXEC,
                $"exec {profile}"
            );
        }

        if (state.Process.SelinuxLabel is { } label)
        {
            Set(
                state,
                $"give the program the SELinux context '{label}'",
                LsmId.LSM_ID_SELINUX,
                LsmAttribute.LSM_ATTR_EXEC,
                label
            );
        }

        if (state.Attributes is { } attributes)
        {
            state.Plan.Call("let the security attributes go", Syscall.close, attributes);
        }
    }

    /// <summary>The context of the keys that the process makes from here on; empty leaves it to the policy.</summary>
    public static void LabelKeys(PlanState state, string? label)
    {
        if (label is not null)
        {
            Set(
                state,
                label.Length > 0 ? $"give new keys the SELinux context '{label}'" : "leave new keys to the policy",
                LsmId.LSM_ID_SELINUX,
                LsmAttribute.LSM_ATTR_KEYCREATE,
                label
            );
        }
    }

    /// <summary>Options for mount(2) with a context for everything in the file system.</summary>
    public static string AddContext(string options, string? label) =>
        label is null ? options
        : options.Length == 0 ? $"context=\"{label}\""
        : $"{options},context=\"{label}\"";

    /// <summary>A mount whose label is set on its root, since its file system takes no context as an option.</summary>
    public static bool IsLabelledAfterwards(ValidatedMount mount) => mount is { Label: not null, Type: "mqueue" };

    /// <summary>Labels the root of a mount that is in nobody's sight yet.</summary>
    public static void LabelMade(PlanState state, ValidatedMount mount, Slot made)
    {
        if (IsLabelledAfterwards(mount))
        {
            string words = $"label '{mount.Destination}'";
            byte[] label = Encoding.UTF8.GetBytes($"{mount.Label}\0");
            state.Plan.Call(words, Syscall.fchdir, made);
            state.Plan.Call(words, Syscall.setxattr, ".", "security.selinux", Argument.Struct(label), label.Length, 0);
        }
    }

    private static void Set(PlanState state, string words, LsmId module, LsmAttribute attribute, string value)
    {
        LaunchPlanBuilder plan = state.Plan;
        byte[] text = Encoding.UTF8.GetBytes(value);
        if (state.Attributes is not { } attributes)
        {
            byte[] context = SecurityModules.Context(module, text);
            plan.Call(
                words,
                Syscall.lsm_set_self_attr,
                Argument.Flags(attribute),
                Argument.Struct(context),
                context.Length,
                0
            );
            return;
        }

        string name = attribute == LsmAttribute.LSM_ATTR_EXEC ? "exec" : "keycreate";
        Slot file = plan.NewSlot($"the attribute {name}");
        state.Open(file, words, attributes, name, How.ParameterForWriting);

        // Nothing at all would be no write.
        text = text.Length == 0 ? "\n"u8.ToArray() : text;
        plan.Call(words, Syscall.write, file, Argument.Struct(text), text.Length);
        plan.Call(words, Syscall.close, file);
    }

    private static void Pick(
        LaunchPlanBuilder plan,
        string words,
        Slot into,
        string path,
        ReadOnlySpan<Branch> branches
    ) =>
        plan.Add(
            new CallStep(
                words,
                Syscall.open_tree,
                [
                    Argument.WorkingDirectory,
                    path,
                    Argument.Flags(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC),
                ]
            )
            {
                Result = into,
                Branches = [.. branches],
            }
        );
}
