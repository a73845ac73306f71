using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Recordings;

public sealed class RecordingTests
{
    private static Recording Example { get; } =
        Recording.Empty with
        {
            Calls = Sorted(("openat", 3), ("socket", 1), ("clone3", 2), ("ioctl", 1)),
            UnknownCalls = [4000],
            Abis = [FilterAbi.X64, FilterAbi.X86],
            Operations = ImmutableSortedDictionary<string, ImmutableSortedSet<ulong>>
                .Empty.Add("ioctl", [0x5401])
                .Add("clone3", [0]),
            Sockets = [new(SocketFamily.AF_INET, SocketType.Stream, 6), new((SocketFamily)39, SocketType.Raw, 0)],
            Paths = PathsOf(
                new RecordedPath("/etc/passwd", RecordedAccess.Read),
                new RecordedPath("/none", RecordedAccess.Look) { Missing = true },
                new RecordedPath("/dev/tty", RecordedAccess.Read | RecordedAccess.Write) { Device = true }
            ),
            Endpoints = [new(EndpointUse.Connect, SocketFamily.AF_INET, "127.0.0.1", 80, SocketType.Stream)],
            Capabilities = [Capability.CAP_CHOWN],
            Unreadable = 1,
        };

    [Fact]
    public void What_was_written_is_read_again()
    {
        byte[] text = Example.ToJson();

        Assert.Equal(text, Recording.Parse(text).ToJson());
        Assert.Contains("CAP_CHOWN", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":1,"calls":{"nocall":1}}""")]
    public void What_is_no_recording_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Recording.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Recordings_are_added_up()
    {
        Recording other = Recording.Empty with
        {
            Calls = Sorted(("openat", 1), ("read", 1)),
            Paths = PathsOf(
                new RecordedPath("/etc/passwd", RecordedAccess.Write),
                new RecordedPath("/none", RecordedAccess.MakeFile)
            ),
        };

        Recording both = Recording.Merge(Example, other);

        Assert.Equal(4, both.Calls["openat"]);
        Assert.Equal(1, both.Calls["read"]);
        Assert.Equal(RecordedAccess.Read | RecordedAccess.Write, both.Paths["/etc/passwd"].Access);
        Assert.False(both.Paths["/none"].Missing);
        Assert.Equal(Example.Endpoints, both.Endpoints);
    }

    [Fact]
    public void A_profile_names_what_was_done_and_clone_for_clone3()
    {
        SeccompProfile profile = Example.ToSeccompProfile();

        string[] plain = [.. profile.Rules.Where(rule => rule.Conditions.IsEmpty).SelectMany(rule => rule.Names)];
        Assert.Contains("openat", plain);
        Assert.Contains("clock_gettime", plain);

        // A lock that was free while it was recorded needs no call.
        Assert.Contains("futex", plain);
        Assert.DoesNotContain("socket", plain);
        Assert.DoesNotContain("ioctl", plain);
        CallRule clone3 = Assert.Single(profile.Rules, rule => rule.Names.SequenceEqual(["clone3"]));
        Assert.Equal(SeccompAnswer.Fail(Errno.ENOSYS).Word, clone3.Verdict);
        Assert.Single(profile.Rules, rule => rule.Names.SequenceEqual(["clone"]));
        CallRule ioctl = Assert.Single(profile.Rules, rule => rule.Names.SequenceEqual(["ioctl"]));
        Assert.Equal(0x5401ul, Assert.Single(ioctl.Conditions).Masked);
        Assert.Equal(2, profile.Rules.Count(rule => rule.Names.SequenceEqual(["socket"])));
        Assert.NotEmpty(profile.ToFilter().Instructions);
    }

    [Fact]
    public void Directories_of_many_files_become_rules_and_what_was_made_is_allowed_in_its_directory()
    {
        RecordedPath[] paths =
        [
            .. Enumerable.Range(0, 9).Select(i => new RecordedPath($"/usr/lib/a/{i}.so", RecordedAccess.Read)),
            .. Enumerable.Range(0, 9).Select(i => new RecordedPath($"/etc/{i}", RecordedAccess.Read)),
            .. Enumerable.Range(0, 9).Select(i => new RecordedPath($"/data/w/{i}", RecordedAccess.Write)),
            new("/home/u/new", RecordedAccess.MakeDirectory),
            new("/home/u/new/file", RecordedAccess.MakeFile | RecordedAccess.Write),
            new("/proc/self/status", RecordedAccess.Read),
            new("/gone", RecordedAccess.Read) { Missing = true },
        ];
        Recording recording = Recording.Empty with { Paths = PathsOf(paths) };

        Dictionary<string, LandlockAccessFs> rules = recording
            .ToLandlockPolicy()
            .Paths.ToDictionary(rule => rule.Path, rule => rule.Access);

        Assert.Equal(LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE, rules["/usr/lib/a"]);
        Assert.DoesNotContain("/usr/lib/a/1.so", rules.Keys);

        // Neither what lies in the root, nor what is written.
        Assert.Contains("/etc/1", rules.Keys);
        Assert.Contains("/data/w/1", rules.Keys);
        Assert.DoesNotContain("/etc", rules.Keys);
        Assert.DoesNotContain("/data/w", rules.Keys);
        Assert.Equal(
            LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_DIR
                | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_REG
                | LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE
                | LandlockAccessFs.LANDLOCK_ACCESS_FS_TRUNCATE,
            rules["/home/u"]
        );
        Assert.Contains("/proc", rules.Keys);
        Assert.DoesNotContain("/gone", rules.Keys);
        Assert.Contains("/usr/lib/a/1.so", recording.ToLandlockPolicy(int.MaxValue).Paths.Select(rule => rule.Path));
        Assert.Throws<ArgumentOutOfRangeException>(() => recording.ToLandlockPolicy(1));
    }

    [Fact]
    public void A_policy_is_read_as_it_was_written()
    {
        byte[] text = LandlockDocument.Write(Example.ToLandlockPolicy());

        LandlockPolicy policy = LandlockDocument.Read(text);

        Assert.Equal(text, LandlockDocument.Write(policy));
        Assert.Equal(80, Assert.Single(policy.Ports).Port);
        FormatException empty = Assert.Throws<FormatException>(() => LandlockDocument.Read("{}"u8.ToArray()));
        Assert.Equal("it is no Landlock policy: 'files' is missing", empty.Message);
    }

    private static ImmutableSortedDictionary<string, long> Sorted(params (string Name, long Times)[] calls) =>
        calls.ToImmutableSortedDictionary(call => call.Name, call => call.Times, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, RecordedPath> PathsOf(params RecordedPath[] paths) =>
        paths.ToImmutableSortedDictionary(path => path.Path, path => path, StringComparer.Ordinal);
}
