using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Who a sandboxed program is, as far as this process may say.</summary>
internal static class SandboxUser
{
    /// <summary>This process may say who it starts, and give away what it has made for them.</summary>
    public static bool MayBeAnybody => Has(Capability.CAP_SETUID, Capability.CAP_SETGID, Capability.CAP_CHOWN);

    /// <summary>This process has rights of root's.</summary>
    public static bool Has(params ReadOnlySpan<Capability> rights)
    {
        if (Linux.Capabilities.Get() is not { Ok: true, Value.Effective: var effective })
        {
            return false;
        }

        foreach (Capability right in rights)
        {
            if (!effective.Contains(right))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The start with the wished user, of a process that may be anybody.</summary>
    public static ProcessStartOptions Become(ProcessStartOptions start, ProcessCredentials? user) =>
        user is null ? start : start with { Credentials = user };

    /// <summary>
    /// The start with the wished user in a user namespace, where this process's own user and group have the wished numbers, and
    /// supplementary groups are subordinate ones.
    /// </summary>
    /// <exception cref="KernelException">There are not enough subordinate groups.</exception>
    public static ProcessStartOptions Map(ProcessStartOptions start, ProcessCredentials? user)
    {
        if (user is null)
        {
            return start;
        }

        if (user.SupplementaryGroups.IsEmpty)
        {
            return start with { Namespaces = start.Namespaces with { Own = (user.UserId, user.GroupId) } };
        }

        uint first = SubordinateGroups.First(user.SupplementaryGroups.Length);
        return start with
        {
            Credentials = user,
            Namespaces = start.Namespaces with
            {
                Users = [new IdRange(user.UserId, Linux.Credentials.GetEffectiveUid(), 1)],
                Groups =
                [
                    new IdRange(user.GroupId, Linux.Credentials.GetEffectiveGid(), 1),
                    .. user
                        .SupplementaryGroups.Distinct()
                        .Where(group => group != user.GroupId)
                        .Select((group, index) => new IdRange(group, first + (uint)index, 1)),
                ],
            },
        };
    }

    /// <summary>Why the wished user cannot be had without privileges and without a user namespace; null where it is this process's.</summary>
    public static KernelException? Refusal(ProcessCredentials? user) =>
        user is null
        || (
            user.UserId == Linux.Credentials.GetEffectiveUid()
            && user.GroupId == Linux.Credentials.GetEffectiveGid()
            && user.SupplementaryGroups.IsEmpty
        )
            ? null
            : new KernelException(
                Errno.EPERM,
                "be another user",
                $"{user.UserId}:{user.GroupId}",
                "without privileges only a user namespace gives other numbers: SandboxLevel.Container"
            );
}
