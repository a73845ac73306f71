using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;
using Xunit.Sdk;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>Plans that break the laws are seen to.</summary>
public sealed class LawTests
{
    [Fact]
    public void A_descriptor_that_is_opened_on_one_of_two_ways_only_is_seen()
    {
        LaunchPlanBuilder plan = new();
        Slot file = plan.NewSlot("a file");
        Label missing = plan.NewLabel("missing");
        plan.Add(
            new CallStep("open", Syscall.openat, [Argument.WorkingDirectory, "a", 0])
            {
                Result = file,
                Branches = [new Branch(Errno.ENOENT, missing)],
            }
        );
        plan.Place(missing);
        plan.Call("close", Syscall.close, file);

        Assert.Contains(
            "'close': ‹a file› may not be known yet",
            Broken(() => DataLaws.Check(plan.Build())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_input_that_nothing_uses_is_seen()
    {
        LaunchPlanBuilder plan = new();
        plan.NewInput("a socket");
        plan.Call("be", Syscall.getpid);

        Assert.Contains(
            "‹a socket› is of no use",
            Broken(() => DataLaws.Check(plan.Build())),
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, Action<LaunchPlanBuilder, Slot>> Breaches { get; } =
        new()
        {
            { "the path is absolute", (plan, root) => plan.Call("x", Syscall.mkdirat, root, "/a", 0) },
            { "the path goes up", (plan, root) => Open(plan, root, "a/../b", OpenFlags.O_PATH, Inside) },
            { "the path has several parts", (plan, root) => plan.Call("x", Syscall.mkdirat, root, "a/b", 0) },
            { "the path has several parts", (plan, _) => plan.Call("x", Syscall.chdir, "a/b") },
            { "a symlink is followed", (plan, root) => OpenAt(plan, root, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC) },
            {
                "before it is looked at",
                (plan, root) => OpenAt(plan, root, OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC)
            },
            { "would be inherited", (plan, root) => OpenAt(plan, root, OpenFlags.O_NOFOLLOW | OpenFlags.O_PATH) },
            {
                "lead out of",
                (plan, root) => Open(plan, root, "a", OpenFlags.O_PATH, ResolveFlags.RESOLVE_NO_SYMLINKS)
            },
            { "magic link", (plan, root) => Open(plan, root, "a", OpenFlags.O_PATH, ResolveFlags.RESOLVE_IN_ROOT) },
            { "link or mount", (plan, root) => Open(plan, root, "a", OpenFlags.O_WRONLY, Inside) },
            {
                "nobody has looked at",
                (plan, root) =>
                    Open(
                        plan,
                        root,
                        "a",
                        OpenFlags.O_WRONLY,
                        ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV
                    )
            },
            {
                "looked up in the container",
                (plan, _) => plan.Call("x", Syscall.mount, "/dev/sda", ".", "ext4", 0, Argument.Null)
            },
            {
                "a symlink is followed",
                (plan, root) =>
                    plan.Call(
                        "x",
                        Syscall.move_mount,
                        root,
                        "",
                        root,
                        "a",
                        Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_SYMLINKS)
                    )
            },
        };

    private const ResolveFlags Inside = ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    [Theory]
    [MemberData(nameof(Breaches))]
    public void A_path_that_an_image_could_have_laid_out_is_seen(string what, Action<LaunchPlanBuilder, Slot> add)
    {
        LaunchPlanBuilder plan = new();
        Slot root = plan.NewInput("the root");
        plan.Call("make it the root", Syscall.pivot_root, ".", ".");
        plan.Call("enter it", Syscall.fchdir, root);
        add(plan, root);

        Assert.Contains(what, Broken(() => PathLaws.Check(plan.Build())), StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptors_that_are_closed_too_late_are_seen()
    {
        ValidatedSpec spec = Specs.Validate(Specs.Default);
        LaunchPlan plan = ContainerPlanner.Plan(spec, Specs.Context).Plan;

        // The program is promised one descriptor more than the plan leaves.
        Assert.NotEqual(
            "",
            Broken(() => ProgramLaws.Check(plan, spec.Process, Specs.Context with { PreservedDescriptors = 1 }))
        );
        Assert.NotEqual(
            "",
            Broken(() => ProgramLaws.Check(plan, spec.Process, Specs.Context with { DieWithLauncher = true }))
        );
        Assert.NotEqual(
            "",
            Broken(() => ProgramLaws.Check(plan, spec.Process with { NoNewPrivileges = false }, Specs.Context))
        );
        Assert.NotEqual(
            "",
            Broken(() => ProgramLaws.Check(plan, spec.Process with { Terminal = true }, Specs.Context))
        );
        Assert.NotEqual("", Broken(() => ProgramLaws.Check(plan, spec.Process with { Uid = 1 }, Specs.Context)));
    }

    private static void Open(LaunchPlanBuilder plan, Slot root, string path, OpenFlags flags, ResolveFlags resolve) =>
        plan.Call("x", Syscall.openat2, root, path, Argument.OpenHow(flags | OpenFlags.O_CLOEXEC, resolve), 24);

    private static void OpenAt(LaunchPlanBuilder plan, Slot root, OpenFlags flags) =>
        plan.Call("x", Syscall.openat, root, "a", Argument.Flags(flags));

    private static string Broken(Action check) => Assert.ThrowsAny<XunitException>(check).Message;
}
