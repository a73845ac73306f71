using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

/// <summary>On a directory that plays resctrl: few processors have it.</summary>
public sealed class ResctrlGroupTests
{
    [Fact]
    public void A_class_has_its_shares_and_goes_with_its_owner()
    {
        using TemporaryDirectory directory = new();
        using (
            ResctrlGroup group = ResctrlGroup.Create(new PlayedResctrl(directory.Path), "fast", "L3:0=f0", "MB:0=50")
        )
        {
            Assert.Equal(["L3:0=f0", "MB:0=50"], group.Schemata);
            group.Apply("MB:0=70");
            Assert.Equal(["MB:0=70"], group.Schemata);

            // Threads of other tests come and go.
            IReadOnlyList<int> before = [.. ProcessScheduler.ThreadsOf(Environment.ProcessId)];
            group.Add(Environment.ProcessId);
            Assert.Contains(group.Threads.Single(), before.Union(ProcessScheduler.ThreadsOf(Environment.ProcessId)));
            Assert.Equal(4096, group.ReadUsage()["mon_L3_00/llc_occupancy"]);

            Assert.Equal(
                Errno.EEXIST,
                Assert
                    .Throws<KernelException>(() => ResctrlGroup.Create(new PlayedResctrl(directory.Path), "fast"))
                    .Errno
            );
        }

        Assert.False(Directory.Exists(directory.At("fast")));
    }

    [Fact]
    public void What_is_refused_says_why_and_leaves_nothing()
    {
        using TemporaryDirectory directory = new();
        PlayedResctrl tree = new(directory.Path) { Refuses = true };

        KernelException refused = Assert.Throws<KernelException>(() => ResctrlGroup.Create(tree, "fast", "L3:0=0"));

        Assert.Equal(Errno.EINVAL, refused.Errno);
        Assert.Contains("Mask must have bits", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.At("fast")));
    }

    [Fact]
    public void Names_and_lines_that_cannot_be_are_refused_and_so_is_a_machine_without_it()
    {
        Assert.Throws<ArgumentException>(() => ResctrlGroup.Create("a/b"));
        Assert.Throws<ArgumentException>(() => ResctrlGroup.Create("info"));
        Assert.Throws<ArgumentException>(() => ResctrlGroup.Create("fast", "no share"));
        Assert.SkipWhen(ResctrlGroup.IsAvailable, "this machine has resctrl");
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => ResctrlGroup.Create("fast")).Errno);
    }

    private sealed class PlayedResctrl : ResctrlTree
    {
        public PlayedResctrl(string folder)
            : base(folder)
        {
            Directory.CreateDirectory(PathOf("info"));
            File.WriteAllText(PathOf("info/last_cmd_status"), "Mask must have bits\n");
        }

        public bool Refuses { get; init; }

        public override SysResult Make(string group)
        {
            SysResult made = base.Make(group);
            if (made.Ok)
            {
                Directory.CreateDirectory(PathOf($"{group}/mon_data/mon_L3_00"));
                File.WriteAllText(PathOf($"{group}/mon_data/mon_L3_00/llc_occupancy"), "4096\n");
                File.WriteAllText(PathOf($"{group}/schemata"), "");
                File.WriteAllText(PathOf($"{group}/tasks"), "");
            }

            return made;
        }

        public override SysResult Remove(string group)
        {
            Directory.Delete(PathOf(group), recursive: true);
            return default;
        }

        public override SysResult Write(string file, string value)
        {
            if (Refuses)
            {
                return new(Errno.EINVAL);
            }

            File.WriteAllText(PathOf(file), value);
            return default;
        }
    }
}
