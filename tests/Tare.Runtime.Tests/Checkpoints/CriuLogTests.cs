using Tare.Fixtures;
using Tare.Runtime.Checkpoints;

namespace Tare.Runtime.Tests;

public sealed class CriuLogTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void The_error_that_the_others_follow_from_is_named() =>
        Assert.Equal(
            "Error (criu/files-reg.c:1790): Can't lookup mount=24 for fd=0 path=/dev/null",
            ErrorOf(
                """
                (00.030886) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
                (00.030901) Loaded kdat cache
                (00.031010) ========================================
                (00.031012) Dumping processes (pid: 23316)
                (00.144453) Error (criu/files-reg.c:1790): Can't lookup mount=24 for fd=0 path=/dev/null
                (00.144455) ----------------------------------------
                (00.144461) Error (criu/cr-dump.c:1545): Dump files (pid: 23316) failed with -1
                (00.202097) Error (criu/cr-dump.c:1975): Dumping FAILED.
                """
            )
        );

    [Fact]
    public void One_that_stands_far_before_is_another_matter() =>
        Assert.Equal(
            "Error (criu/cr-restore.c:1480): 7 killed by signal 9: Killed",
            ErrorOf(
                "(00.03) Error (criu/util.c:1534): rlimit\n"
                    + string.Concat(Enumerable.Repeat("(00.04) going on\n", 100))
                    + "(00.05) Error (criu/cr-restore.c:1480): 7 killed by signal 9: Killed\n"
                    + "(00.05) Error (criu/cr-restore.c:2447): Restoring FAILED.\n"
            )
        );

    /// <summary>Of a restore without images, say: it stands just before what is wrong.</summary>
    [Fact]
    public void A_limit_that_could_not_be_raised_is_no_error() =>
        Assert.Equal(
            "Error (criu/protobuf.c:72): Unexpected EOF on (empty-image)",
            ErrorOf(
                """
                (00.041421) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
                (00.041434) No inventory.img image
                (00.041436) Error (criu/protobuf.c:72): Unexpected EOF on (empty-image)
                """
            )
        );

    [Fact]
    public void A_log_without_errors_names_none() => Assert.Null(ErrorOf("(00.03) Warn  (criu/util.c:1): well\n"));

    [Fact]
    public void A_log_that_is_missing_names_none() => Assert.Null(CriuLog.LastError(_folder.At("none")));

    public void Dispose() => _folder.Dispose();

    private string? ErrorOf(string log) => CriuLog.LastError(_folder.Write("log", log));
}
