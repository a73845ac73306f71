using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Makes the kernel's ruleset of a policy, and says what this kernel cannot.</summary>
internal static class LandlockRules
{
    private const string Words = "make a Landlock ruleset";

    private const LandlockAccessNet Udp =
        LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP;

    /// <summary>Makes it.</summary>
    public static LandlockRuleset Make(LandlockPolicy policy)
    {
        LandlockChecks.Check(policy);
        int abi = Landlock
            .GetAbi()
            .OrThrow(Words, hint: "the kernel needs CONFIG_SECURITY_LANDLOCK, and landlock among its lsm= at boot");
        LandlockPolicy kept = Keep(policy, abi, out ImmutableArray<string> unenforced);
        if (!unenforced.IsEmpty && !policy.BestEffort)
        {
            throw new KernelException(
                Errno.EOPNOTSUPP,
                Words,
                string.Join(' ', unenforced),
                $"this kernel's ABI is {abi}: ask for less, or for best effort"
            );
        }

        FileFd ruleset = Landlock
            .CreateRuleset(
                new LandlockRulesetAttributes
                {
                    HandledAccessFs = kept.Files,
                    HandledAccessNet = kept.Network,
                    Scoped = kept.Scopes,
                    QuietAccessFs = kept.QuietFiles,
                    QuietAccessNet = kept.QuietNetwork,
                    QuietScoped = kept.QuietScopes,
                }
            )
            .OrThrow(Words);
        try
        {
            AddRules(ruleset, kept);
            return new LandlockRuleset(ruleset, abi, kept.Logging, unenforced)
            {
                HandledFiles = kept.Files,
                KeepsSignalsIn = (kept.Scopes & LandlockScope.LANDLOCK_SCOPE_SIGNAL) != 0,
            };
        }
        catch
        {
            ruleset.Dispose();
            throw;
        }
    }

    /// <summary>What of a policy an ABI can enforce, and the names of what it cannot.</summary>
    public static LandlockPolicy Keep(LandlockPolicy policy, int abi, out ImmutableArray<string> unenforced)
    {
        LandlockPolicy kept = policy with
        {
            Files = policy.Files & FilesOf(abi),
            Network =
                abi >= 10 ? policy.Network
                : abi >= 4 ? policy.Network & ~Udp
                : LandlockAccessNet.None,
            Scopes = abi >= 6 ? policy.Scopes : LandlockScope.None,
            Logging = abi >= 7 ? policy.Logging : LandlockRestrictFlags.None,
        };
        bool loud = abi < 10 && IsQuiet(policy);
        kept = loud ? WithoutQuiet(kept) : kept;
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        AddNames(names, policy.Files & ~kept.Files);
        AddNames(names, policy.Network & ~kept.Network);
        AddNames(names, policy.Scopes & ~kept.Scopes);
        AddNames(names, policy.Logging & ~kept.Logging);
        if (loud)
        {
            names.Add(nameof(LandlockRuleFlags.LANDLOCK_ADD_RULE_QUIET));
        }

        unenforced = names.ToImmutable();
        return kept;
    }

    private static LandlockAccessFs FilesOf(int abi)
    {
        LandlockAccessFs known = LandlockAccess.All | LandlockAccess.Connect;
        known &= abi >= 9 ? known : ~LandlockAccess.Connect;
        known &= abi >= 5 ? known : ~LandlockAccessFs.LANDLOCK_ACCESS_FS_IOCTL_DEV;
        known &= abi >= 3 ? known : ~LandlockAccessFs.LANDLOCK_ACCESS_FS_TRUNCATE;
        return abi >= 2 ? known : known & ~LandlockAccessFs.LANDLOCK_ACCESS_FS_REFER;
    }

    private static bool IsQuiet(LandlockPolicy policy) =>
        policy.Paths.Any(rule => rule.Quiet)
        || policy.Ports.Any(rule => rule.Quiet)
        || policy.QuietFiles != LandlockAccessFs.None
        || policy.QuietNetwork != LandlockAccessNet.None
        || policy.QuietScopes != LandlockScope.None;

    private static LandlockPolicy WithoutQuiet(LandlockPolicy policy) =>
        policy with
        {
            QuietFiles = LandlockAccessFs.None,
            QuietNetwork = LandlockAccessNet.None,
            QuietScopes = LandlockScope.None,
            Paths = [.. policy.Paths.Select(rule => rule with { Quiet = false })],
            Ports = [.. policy.Ports.Select(rule => rule with { Quiet = false })],
        };

    private static void AddNames<T>(ImmutableArray<string>.Builder names, T missing)
        where T : struct, Enum
    {
        foreach (T flag in Enum.GetValues<T>())
        {
            if (!flag.Equals(default(T)) && missing.HasFlag(flag))
            {
                names.Add(flag.ToString());
            }
        }
    }

    private static void AddRules(FileFd ruleset, LandlockPolicy policy)
    {
        foreach (LandlockPathRule rule in policy.Paths)
        {
            AddPath(ruleset, rule, rule.Access & policy.Files);
        }

        foreach (LandlockPortRule rule in policy.Ports)
        {
            LandlockAccessNet access = rule.Access & policy.Network;
            if (access != LandlockAccessNet.None || rule.Quiet)
            {
                Landlock
                    .AllowPort(ruleset, rule.Port, access, Flags(rule.Quiet))
                    .OrThrow("allow with Landlock", $"port {rule.Port}", "the kernel needs CONFIG_INET");
            }
        }
    }

    private static void AddPath(FileFd ruleset, LandlockPathRule rule, LandlockAccessFs access)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, rule.Path, OpenFlags.O_PATH);
        if (rule.Optional && opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return;
        }

        using FileFd place = opened.OrThrow("allow with Landlock", rule.Path);
        StatX status = Files.StatX(place).OrThrow("look at", rule.Path);
        if ((status.Mode & FileModes.S_IFMT) != FileModes.S_IFDIR)
        {
            access &= Landlock.RightsOfFiles;
        }

        if (access != LandlockAccessFs.None || rule.Quiet)
        {
            Landlock.AllowPath(ruleset, place, access, Flags(rule.Quiet)).OrThrow("allow with Landlock", rule.Path);
        }
    }

    private static LandlockRuleFlags Flags(bool quiet) =>
        quiet ? LandlockRuleFlags.LANDLOCK_ADD_RULE_QUIET : LandlockRuleFlags.None;
}
