using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What a system call without a value of its own gave back: success or an errno.</summary>
public readonly record struct SysResult(Errno Errno)
{
    /// <summary>The call succeeded.</summary>
    public bool Ok => Errno == Errno.None;

    /// <summary>Turns a failure into an exception that keeps the call and its object.</summary>
    /// <exception cref="KernelException">The call failed.</exception>
    public void OrThrow(string call, string? target = null, string? hint = null)
    {
        if (!Ok)
        {
            throw new KernelException(Errno, call, target, hint);
        }
    }
}

/// <summary>What a system call gave back: a value, or an errno. What may well happen is no exception.</summary>
/// <typeparam name="T">The value's type; a handle in it belongs to the caller.</typeparam>
public readonly record struct SysResult<T>(T Value, Errno Errno)
{
    /// <summary>The call succeeded and <see cref="Value"/> is valid.</summary>
    public bool Ok => Errno == Errno.None;

    /// <summary>The value, or an exception that keeps the call and its object.</summary>
    /// <exception cref="KernelException">The call failed.</exception>
    public T OrThrow(string call, string? target = null, string? hint = null) =>
        Ok ? Value : throw new KernelException(Errno, call, target, hint);
}
