using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>
/// What is still known of a container whose record is damaged, and may be killed and removed with it. A line of the record
/// that names a cgroup counts only where the group's path ends as the kept config.json has it, or as the container's id:
/// what was damaged must not name another's.
/// </summary>
internal static class DamagedContainer
{
    /// <summary>A record of what is known; of the rest it says nothing.</summary>
    /// <param name="state">The container's state, whose record could not be read.</param>
    public static ContainerRecord Salvage(StateDirectory state)
    {
        ContainerRecord record = new()
        {
            Id = state.Id,
            OciVersion = "",
            Bundle = "",
            Rootfs = "",
            Created = default,
            Owner = 0,
        };
        Names names = Names.Of(state);
        List<CgroupPlace> cgroups = [];
        string text = Encoding.UTF8.GetString(state.ReadDamaged());

        // What was cut off in the middle of a line may be another's name.
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n'))
        {
            try
            {
                string[] fields = ContainerRecordReader.Fields(line);
                switch (fields)
                {
                    case ["cgroup", _, _, _, _]:
                        CgroupPlace place = ContainerRecordReader.Place(fields);
                        if (names.OwnPartOf(place.Path) is > 0 and var own)
                        {
                            cgroups.Add(place with { Made = Math.Min(place.Made, own) });
                        }

                        break;
                    case ["process", var number, var start]:
                        record = record with
                        {
                            ProcessId = int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture),
                            ProcessStartTime = ulong.Parse(start, NumberStyles.None, CultureInfo.InvariantCulture),
                        };
                        break;
                    case ["systemd-unit", var unit, "user" or "system"] when names.Fit(unit):
                        record = record with { Unit = new SystemdUnit(unit, fields[2] == "user") };
                        break;
                }
            }
            catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
            {
                // This line is damaged.
            }
        }

        return record with
        {
            Cgroups = cgroups,
            Unit = cgroups.Count > 0 ? record.Unit : null,
        };
    }

    // How the container's cgroup and unit are called.
    private sealed record Names(CgroupPath? Path, IReadOnlyList<ScopeName> Scopes)
    {
        public static Names Of(StateDirectory state)
        {
            string? path = PathOf(state) is { Length: > 0 } configured ? configured : null;
            CgroupPath? group =
                path is null ? CgroupPath.Parse(state.Id.Text)
                : CgroupPath.Problem(path) is null ? CgroupPath.Parse(path)
                : null;
            try
            {
                return new Names(
                    group,
                    [ScopeName.Parse(path, state.Id, true), ScopeName.Parse(path, state.Id, false)]
                );
            }
            catch (SpecException)
            {
                return new Names(group, []);
            }
        }

        public bool Fit(string unit) => Scopes.Any(scope => scope.Unit == unit);

        // How many of a path's last components are called as the container's must be; 0 where it is none of its paths.
        public int OwnPartOf(string path)
        {
            if (Path is { } own && (path == own.Relative || (!own.IsAbsolute && EndsWith(path, own.Relative))))
            {
                return own.Relative.Count('/') + 1;
            }

            return Scopes.Any(scope => path == scope.Path || EndsWith(path, scope.Path)) ? 1 : 0;
        }

        private static bool EndsWith(string path, string end) => path.EndsWith($"/{end}", StringComparison.Ordinal);

        private static string? PathOf(StateDirectory state)
        {
            try
            {
                return RuntimeSpecReader.Read(state.ReadConfiguration()).Linux?.CgroupsPath;
            }
            catch (Exception e) when (e is KernelException or OciFormatException)
            {
                return null;
            }
        }
    }
}
