namespace Tare.Linux.Abi;

/// <summary>What PR_CAP_AMBIENT does. linux/prctl.h, Linux 4.3.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AmbientOperation
{
    PR_CAP_AMBIENT_IS_SET = 1,
    PR_CAP_AMBIENT_RAISE = 2,
    PR_CAP_AMBIENT_LOWER = 3,
    PR_CAP_AMBIENT_CLEAR_ALL = 4,
}
