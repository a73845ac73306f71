using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Keys and keyrings that the kernel keeps. keyrings(7), keyctl(2). Numbers are serial numbers; negative ones are special keyrings.</summary>
public static class Keys
{
    /// <summary>KEY_SPEC_THREAD_KEYRING.</summary>
    public const int ThreadKeyring = -1;

    /// <summary>KEY_SPEC_PROCESS_KEYRING.</summary>
    public const int ProcessKeyring = -2;

    /// <summary>KEY_SPEC_SESSION_KEYRING.</summary>
    public const int SessionKeyring = -3;

    /// <summary>KEY_SPEC_USER_KEYRING.</summary>
    public const int UserKeyring = -4;

    /// <summary>KEY_SPEC_USER_SESSION_KEYRING.</summary>
    public const int UserSessionKeyring = -5;

    /// <summary>Adds a key, or changes one; gives its number. EDQUOT: the user has too many; ENODEV: no such type. add_key(2).</summary>
    public static SysResult<int> Add(string type, string description, ReadOnlySpan<byte> payload, int keyring) =>
        Interop.IntResult(Interop.add_key(type, description, payload, keyring));

    /// <summary>Finds a key in a keyring and those in it. ENOKEY: there is none. KEYCTL_SEARCH.</summary>
    public static SysResult<int> Search(int keyring, string type, string description) =>
        Interop.IntResult(Interop.keyctl(keyring, type, description));

    /// <summary>What a key holds. EACCES: it may not be read; EKEYREVOKED: it was revoked. KEYCTL_READ.</summary>
    public static SysResult<byte[]> Read(int key)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            nint raw = Interop.keyctl(key, buffer);
            if (raw <= buffer.Length)
            {
                return new(buffer[..(int)Math.Max(0, raw)], Interop.ErrnoOf(raw));
            }

            buffer = new byte[raw];
        }
    }

    /// <summary>Makes a key useless. KEYCTL_REVOKE.</summary>
    public static SysResult Revoke(int key) => Interop.Result(Interop.keyctl(KeyctlOperation.KEYCTL_REVOKE, key));

    /// <summary>Has a key expire after a time, rounded up to seconds; zero is never. KEYCTL_SET_TIMEOUT.</summary>
    public static SysResult SetTimeout(int key, TimeSpan time) =>
        Interop.Result(Interop.keyctl(KeyctlOperation.KEYCTL_SET_TIMEOUT, key, (nint)Math.Ceiling(time.TotalSeconds)));

    /// <summary>
    /// The keyring of a user that lasts beyond sessions, linked into another; CAP_SETUID for another's. KEYCTL_GET_PERSISTENT,
    /// Linux 3.13.
    /// </summary>
    /// <param name="userId">The user; null is the own.</param>
    /// <param name="into">The keyring that gets a link to it.</param>
    public static SysResult<int> GetPersistent(uint? userId, int into) =>
        Interop.IntResult(
            Interop.keyctl(KeyctlOperation.KEYCTL_GET_PERSISTENT, userId is { } user ? (nint)user : -1, into)
        );
}
