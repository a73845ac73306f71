using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A system call failed where the caller could not go on. The message is one line: what failed, on which object,
/// the errno's name, and what to do about it where that is known.
/// </summary>
public sealed class KernelException : Exception
{
    /// <summary>Keeps every part, so that callers need not take the message apart.</summary>
    public KernelException(Errno errno, string call, string? target = null, string? hint = null)
        : base(Describe(errno, call, target, hint))
    {
        Errno = errno;
        Call = call;
        Target = target;
        Hint = hint;
    }

    /// <summary>The kernel's error number.</summary>
    public Errno Errno { get; }

    /// <summary>What was being done, in words that begin with the call's name (<c>mount tmpfs on</c>).</summary>
    public string Call { get; }

    /// <summary>The object that it was done to: a path, an identifier.</summary>
    public string? Target { get; }

    /// <summary>The reason behind the errno, or the remedy.</summary>
    public string? Hint { get; }

    private static string Describe(Errno errno, string call, string? target, string? hint) =>
        (target is null ? call : $"{call} '{target}'") + $": {errno}" + (hint is null ? "" : $" ({hint})");
}
