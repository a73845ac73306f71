using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// Steps that restrict what the process may reach of files and network. The launcher makes the ruleset; paths can be added by
/// the process itself, as it sees them. landlock(7).
/// </summary>
public static class LandlockCalls
{
    private const int PathBeneath = 1; // LANDLOCK_RULE_PATH_BENEATH
    private const int DescriptorOffset = 8; // landlock_path_beneath_attr.parent_fd

    /// <summary>Allows a path and what lies below it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ruleset">The ruleset's descriptor.</param>
    /// <param name="path">As the process sees it when it comes so far.</param>
    /// <param name="access">What is allowed, all of it handled by the ruleset; what only directories have is left out for files.</param>
    /// <param name="optional">Where there is no such path nothing is allowed, instead of failing.</param>
    public static void Allow(
        LaunchPlanBuilder plan,
        Argument ruleset,
        string path,
        LandlockAccessFs access,
        bool optional = false
    )
    {
        string words = $"allow '{path}' with Landlock";
        Label done = plan.NewLabel("the path is allowed");
        Label file = plan.NewLabel("it is no directory");
        Slot place = plan.NewSlot($"'{path}'");
        CallStep open = new(
            words,
            Syscall.openat,
            [Argument.WorkingDirectory, path, Argument.Flags(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC), 0]
        )
        {
            Result = place,
            Branches = optional ? [new Branch(Errno.ENOENT, done), new Branch(Errno.ENOTDIR, done)] : [],
        };
        plan.Add(open);
        LandlockAccessFs ofFile = access & Landlock.RightsOfFiles;
        Add(plan, words, ruleset, place, access, access == ofFile ? null : file);
        if (access != ofFile)
        {
            Label close = plan.NewLabel("the path is let go");
            plan.Add(new JumpStep(words, close));
            plan.Place(file);
            if (ofFile != LandlockAccessFs.None)
            {
                Add(plan, words, ruleset, place, ofFile, null);
            }

            plan.Place(close);
        }

        plan.Call(words, Syscall.close, place);
        plan.Place(done);
    }

    /// <summary>Restricts the process by a ruleset, for good. It must have no_new_privs, or CAP_SYS_ADMIN.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ruleset">The ruleset's descriptor.</param>
    /// <param name="flags">What is logged.</param>
    public static void Restrict(LaunchPlanBuilder plan, Argument ruleset, LandlockRestrictFlags flags) =>
        plan.Call("restrict files and network", Syscall.landlock_restrict_self, ruleset, Argument.Flags(flags));

    private static void Add(
        LaunchPlanBuilder plan,
        string words,
        Argument ruleset,
        Slot place,
        LandlockAccessFs access,
        Label? unlessDirectory
    )
    {
        byte[] content = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (ulong)access);
        Scratch rule = plan.NewScratch("a Landlock rule", content);
        plan.Add(new StoreStep(words, place, rule, DescriptorOffset, 4));
        plan.Add(
            new CallStep(words, Syscall.landlock_add_rule, [ruleset, PathBeneath, rule, 0])
            {
                Branches = unlessDirectory is null ? [] : [new Branch(Errno.EINVAL, unlessDirectory)],
            }
        );
    }
}
