using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a program and all that it started asked the kernel for, as <see cref="Recorder"/> saw it: each call before it was
/// made, whether it then succeeded or not. Immutable; can be saved, read again and merged with others.
/// </summary>
public sealed record Recording
{
    /// <summary>How many files of a directory make it a rule for the directory, unless said.</summary>
    public const int DefaultFilesOfDirectory = 8;

    /// <summary>A recording of nothing.</summary>
    public static Recording Empty { get; } = new();

    /// <summary>The system calls by name: how often each was made.</summary>
    public ImmutableSortedDictionary<string, long> Calls { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Numbers of calls that have no name here.</summary>
    public ImmutableSortedSet<int> UnknownCalls { get; init; } = [];

    /// <summary>The ways by which calls were made.</summary>
    public ImmutableSortedSet<FilterAbi> Abis { get; init; } = [];

    /// <summary>
    /// Of calls that do many things, which: the request of ioctl(2), the option of prctl(2), the flags of clone(2), clone3(2)
    /// and unshare(2) that make namespaces (and, of clone3, CLONE_INTO_CGROUP).
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableSortedSet<ulong>> Operations { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<ulong>>(StringComparer.Ordinal);

    /// <summary>The kinds of sockets that were made.</summary>
    public ImmutableHashSet<RecordedSocket> Sockets { get; init; } = [];

    /// <summary>The paths, by path.</summary>
    public ImmutableSortedDictionary<string, RecordedPath> Paths { get; init; } =
        ImmutableSortedDictionary.Create<string, RecordedPath>(StringComparer.Ordinal);

    /// <summary>The addresses.</summary>
    public ImmutableHashSet<RecordedEndpoint> Endpoints { get; init; } = [];

    /// <summary>
    /// Capabilities that are needed at most: a call that can take one was made by a thread that had it in force. Whether the
    /// kernel asked for it cannot be seen from outside; what takes one inside of netlink, ioctl or setsockopt is not found.
    /// </summary>
    public ImmutableSortedSet<Capability> Capabilities { get; init; } = [];

    /// <summary>How often a path or address could not be read, or was no UTF-8: those are missing here.</summary>
    public long Unreadable { get; init; }

    /// <summary>What is in any of them.</summary>
    public static Recording Merge(params ReadOnlySpan<Recording> recordings)
    {
        RecordingBuilder builder = new();
        foreach (Recording recording in recordings)
        {
            builder.Add(recording ?? throw new ArgumentNullException(nameof(recordings)));
        }

        return builder.ToRecording();
    }

    /// <summary>
    /// The smallest profile of system calls under which the same can be done: the calls, with the sockets' families and types,
    /// and the operations of ioctl and prctl. Besides, what a program does without the kernel in one run and by it in another:
    /// the clock and random numbers (vDSO), waiting for locks, the return from signals, and the end.
    /// </summary>
    /// <param name="otherwise">What becomes of other calls; null is that they fail with EPERM.</param>
    public SeccompProfile ToSeccompProfile(SeccompAnswer? otherwise = null) =>
        RecordedProfile.Of(this, otherwise ?? SeccompAnswer.Fail(Errno.EPERM));

    /// <summary>
    /// The same as <c>linux.seccomp</c> of an OCI runtime's config.json. A runtime may make further calls after it has loaded
    /// the filter; tare-oci makes only execve.
    /// </summary>
    public string ToOciSeccomp() => OciSeccompWriter.Write(ToSeccompProfile());

    /// <summary>
    /// The smallest policy for files, TCP ports and scopes under which the same can be done. What was made is allowed in its
    /// directory; directories of which many files were read are allowed as a whole, for reading and executing. Paths that are
    /// gone are passed over, and what the kernel cannot enforce is left out.
    /// </summary>
    /// <param name="filesOfDirectory">How many are many; <see cref="int.MaxValue"/> keeps to single files.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 2.</exception>
    public LandlockPolicy ToLandlockPolicy(int filesOfDirectory = DefaultFilesOfDirectory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filesOfDirectory, 2);
        return RecordedPolicy.Of(this, filesOfDirectory);
    }

    /// <summary>All of it as JSON, UTF-8; <see cref="Parse"/> reads it.</summary>
    public byte[] ToJson() => RecordingJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Recording Parse(ReadOnlyMemory<byte> json) => RecordingJson.Read(json);
}
