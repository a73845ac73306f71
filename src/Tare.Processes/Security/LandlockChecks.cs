using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds what no policy can say.</summary>
internal static class LandlockChecks
{
    private const LandlockAccessNet Network =
        LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP
        | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP
        | LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP
        | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP;

    private const LandlockScope Scopes =
        LandlockScope.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LandlockScope.LANDLOCK_SCOPE_SIGNAL;

    private const LandlockRestrictFlags Logging =
        LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF
        | LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON
        | LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF;

    /// <summary>Checks a policy.</summary>
    /// <exception cref="ArgumentException">It asks for what cannot be.</exception>
    public static void Check(LandlockPolicy policy)
    {
        Known((ulong)policy.Files, (ulong)(LandlockAccess.All | LandlockAccess.Connect), nameof(policy.Files));
        Known((ulong)policy.Network, (ulong)Network, nameof(policy.Network));
        Known((ulong)policy.Scopes, (ulong)Scopes, nameof(policy.Scopes));
        Known((ulong)policy.Logging, (ulong)Logging, nameof(policy.Logging));
        Known((ulong)policy.QuietFiles, (ulong)policy.Files, nameof(policy.QuietFiles));
        Known((ulong)policy.QuietNetwork, (ulong)policy.Network, nameof(policy.QuietNetwork));
        Known((ulong)policy.QuietScopes, (ulong)policy.Scopes, nameof(policy.QuietScopes));
        if (((ulong)policy.Files | (ulong)policy.Network | (ulong)policy.Scopes) == 0)
        {
            throw new ArgumentException("nothing is handled: the policy denies nothing", nameof(policy));
        }

        StartChecks.Given(policy.Paths, nameof(policy.Paths));
        StartChecks.Given(policy.Ports, nameof(policy.Ports));
        foreach (LandlockPathRule rule in policy.Paths)
        {
            if (string.IsNullOrEmpty(rule.Path) || rule.Path.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException("a path is empty or contains a zero character", nameof(policy));
            }

            Allowed((ulong)rule.Access, (ulong)policy.Files, rule.Quiet, $"'{rule.Path}'");
        }

        foreach (LandlockPortRule rule in policy.Ports)
        {
            Allowed((ulong)rule.Access, (ulong)policy.Network, rule.Quiet, $"port {rule.Port}");
        }
    }

    private static void Known(ulong asked, ulong known, string property)
    {
        if ((asked & ~known) != 0)
        {
            throw new ArgumentException($"{property}: 0x{asked & ~known:x} is unknown, or not handled");
        }
    }

    private static void Allowed(ulong access, ulong handled, bool quiet, string what)
    {
        bool nothing = access == 0 && !quiet;
        if (nothing || (access & ~handled) != 0)
        {
            throw new ArgumentException(
                nothing
                    ? $"the rule for {what} allows nothing"
                    : $"the rule for {what} allows what the policy does not handle (0x{access & ~handled:x})"
            );
        }
    }
}
