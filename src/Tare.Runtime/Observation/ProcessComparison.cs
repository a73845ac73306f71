using System.Globalization;
using Tare.Linux;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>Compares who a process is and what it may do with what was asked for.</summary>
internal static class ProcessComparison
{
    private const int SeccompFilter = 2;

    public static void Compare(ValidatedSpec spec, ObservedProcess observed, List<Difference> differences)
    {
        ValidatedProcess process = spec.Process;
        Ids("process.user.uid", process.Uid, observed.Users, differences);
        Ids("process.user.gid", process.Gid, observed.Groups, differences);
        uint[] groups = [.. process.AdditionalGids.Distinct().Order()];

        // Where setgroups(2) is denied, those of whoever made the container stay.
        if (groups.Length > 0 && !groups.SequenceEqual(observed.AdditionalGroups.Distinct()))
        {
            differences.Add(new("process.user.additionalGids", List(groups), List(observed.AdditionalGroups)));
        }

        if (process.Umask is { } umask && umask != (uint)observed.Status.Umask)
        {
            differences.Add(new("process.user.umask", Octal(umask), Octal((uint)observed.Status.Umask)));
        }

        CompareCapabilities(process, observed.Status, differences);
        ProcStatus own = ProcStatus.ReadOwn().OrThrow("read", "/proc/thread-self/status");
        if (process.NoNewPrivileges != observed.Status.NoNewPrivileges && !own.NoNewPrivileges)
        {
            differences.Add(
                new(
                    "process.noNewPrivileges",
                    process.NoNewPrivileges ? "true" : "false",
                    observed.Status.NoNewPrivileges ? "true" : "false"
                )
            );
        }

        Label("process.apparmorProfile", process.AppArmorProfile, observed.Label, differences);
        Label("process.selinuxLabel", process.SelinuxLabel, observed.Label, differences);

        // Filters are inherited: those that this process is under, the container's is, too. Linux counts them since 5.9.
        bool filtered =
            observed.Status.SeccompMode == SeccompFilter
            && (observed.Status.SeccompFilters == 0 || observed.Status.SeccompFilters > own.SeccompFilters);
        if (spec.Seccomp is not null && !filtered)
        {
            differences.Add(new("linux.seccomp", "a filter", "no filter of its own"));
        }
    }

    /// <summary>
    /// What execve(2) makes of capabilities: a user other than root keeps the ambient ones, root has what it can inherit and
    /// what is in the bounding set, but with no_new_privs no more than it had. capabilities(7).
    /// </summary>
    public static CapabilitySets AfterExecution(ValidatedProcess process)
    {
        CapabilitySets asked = process.Capabilities;
        ulong permitted = asked.Ambient;
        if (process.Uid == 0)
        {
            ulong ofRoot = asked.Inheritable | asked.Bounding;
            permitted |= process.NoNewPrivileges ? ofRoot & asked.Permitted : ofRoot;
        }

        return asked with
        {
            Permitted = permitted,
            Effective = permitted,
        };
    }

    // AppArmor says how a profile is applied behind its name: "docker-default (enforce)".
    private static void Label(string property, string? expected, string? found, List<Difference> differences)
    {
        if (!string.IsNullOrEmpty(expected) && expected != found && found?.Split(" (")[0] != expected)
        {
            differences.Add(new(property, expected, found ?? "no label"));
        }
    }

    private static void CompareCapabilities(ValidatedProcess process, ProcStatus status, List<Difference> differences)
    {
        CapabilitySet known = CapabilitySet.UpTo(Capabilities.Last);
        CapabilitySets expected = AfterExecution(process);
        Capability("bounding", expected.Bounding, status.BoundingSet);
        Capability("effective", expected.Effective, status.Capabilities.Effective);
        Capability("permitted", expected.Permitted, status.Capabilities.Permitted);
        Capability("inheritable", expected.Inheritable, status.Capabilities.Inheritable);
        Capability("ambient", expected.Ambient, status.AmbientSet);

        void Capability(string set, ulong wanted, CapabilitySet found)
        {
            CapabilitySet present = new CapabilitySet(wanted) & known;
            if (present != found)
            {
                differences.Add(new($"process.capabilities.{set}", present.ToString(), found.ToString()));
            }
        }
    }

    private static void Ids(string property, uint expected, ProcessIds found, List<Difference> differences)
    {
        if (found != new ProcessIds(expected, expected, expected, expected))
        {
            differences.Add(
                new(
                    property,
                    expected.ToString(CultureInfo.InvariantCulture),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"real {found.Real}, effective {found.Effective}, saved {found.Saved}, file system {found.FileSystem}"
                    )
                )
            );
        }
    }

    private static string Octal(uint umask) => "0" + Convert.ToString(umask, 8);

    private static string List(IEnumerable<uint> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
