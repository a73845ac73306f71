namespace Tare.Linux.Abi;

/// <summary>What a security module keeps for a process. lsm_set_self_attr(2), linux/lsm.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LsmAttribute : uint
{
    LSM_ATTR_CURRENT = 100,
    LSM_ATTR_EXEC = 101,
    LSM_ATTR_FSCREATE = 102,
    LSM_ATTR_KEYCREATE = 103,
    LSM_ATTR_PREV = 104,
    LSM_ATTR_SOCKCREATE = 105,
}
