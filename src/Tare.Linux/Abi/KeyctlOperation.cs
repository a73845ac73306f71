namespace Tare.Linux.Abi;

/// <summary>The operations of keyctl(2) that are used. linux/keyctl.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum KeyctlOperation
{
    KEYCTL_JOIN_SESSION_KEYRING = 1,
    KEYCTL_REVOKE = 3,
    KEYCTL_SETPERM = 5,
    KEYCTL_SEARCH = 10,
    KEYCTL_READ = 11,
    KEYCTL_SET_TIMEOUT = 15,
    KEYCTL_GET_PERSISTENT = 22,
    KEYCTL_WATCH_KEY = 32,
}
