namespace Tare.Linux;

/// <summary>The calls that most programs make most often; filters find them in fewer steps.</summary>
internal static class HotCalls
{
    /// <summary>How many other calls one of them counts for.</summary>
    public const int Weight = 16;

    private static readonly string[] Names =
    [
        "clock_gettime",
        "close",
        "epoll_pwait",
        "epoll_wait",
        "fcntl",
        "fstat",
        "futex",
        "lseek",
        "madvise",
        "mmap",
        "munmap",
        "newfstatat",
        "openat",
        "poll",
        "ppoll",
        "pread64",
        "pwrite64",
        "read",
        "readv",
        "recvfrom",
        "recvmsg",
        "sendmsg",
        "sendto",
        "write",
        "writev",
    ];

    /// <summary>Their numbers.</summary>
    public static HashSet<uint> Of(FilterAbi abi)
    {
        HashSet<uint> numbers = [];
        foreach (string name in Names)
        {
            if (CallNumbers.Of(abi, name) is { } number)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }
}
