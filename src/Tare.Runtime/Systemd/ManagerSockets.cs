using System.Globalization;
using Tare.Linux;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Systemd;

/// <summary>Where service managers are reached, in the order in which it is tried.</summary>
internal static class ManagerSockets
{
    private const string Private = "/run/systemd/private";
    private const string SystemBus = "/run/dbus/system_bus_socket";

    /// <summary>
    /// Whether this process's containers belong to the user's own service manager: it is no root, or root of a user namespace
    /// whose root is somebody else on the machine.
    /// </summary>
    public static bool IsUsers()
    {
        if (Credentials.GetEffectiveUid() != 0)
        {
            return true;
        }

        foreach (string socket in (ReadOnlySpan<string>)[Private, SystemBus])
        {
            if (Files.StatX(null, socket) is { Ok: true, Value.UserId: var owner })
            {
                return owner != 0;
            }
        }

        return false;
    }

    /// <summary>The sockets; those of a bus are marked.</summary>
    public static IReadOnlyList<(BusAddress Address, bool HasBus)> Of(bool isUser)
    {
        List<(BusAddress, bool)> sockets = [];
        if (!isUser)
        {
            string? given = Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS");
            AddBuses(sockets, given);
            if (sockets.Count == 0)
            {
                sockets.Add((new BusAddress(Private, false), false));
                sockets.Add((new BusAddress(SystemBus, false), true));
            }

            return sockets;
        }

        string folder = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } session
            ? session.TrimEnd('/')
            : string.Create(CultureInfo.InvariantCulture, $"/run/user/{Credentials.GetEffectiveUid()}");
        sockets.Add((new BusAddress($"{folder}/systemd/private", false), false));
        AddBuses(sockets, Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"));
        if (sockets.Count == 1)
        {
            sockets.Add((new BusAddress($"{folder}/bus", false), true));
        }

        return sockets;
    }

    private static void AddBuses(List<(BusAddress, bool)> sockets, string? list)
    {
        foreach (BusAddress address in BusAddress.Parse(list ?? ""))
        {
            sockets.Add((address, true));
        }
    }
}
