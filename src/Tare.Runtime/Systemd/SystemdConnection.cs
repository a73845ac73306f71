using System.Globalization;
using Tare.Linux;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Systemd;

/// <summary>
/// systemd, the machine's or a user's: begins, changes and ends transient units. Spoken to over its own socket where that can
/// be had, which no other service's messages go over, else over the bus. org.freedesktop.systemd1(5).
/// </summary>
internal sealed class SystemdConnection : IDisposable
{
    /// <summary>The error's name where there is a unit of that name already.</summary>
    public const string UnitExists = "org.freedesktop.systemd1.UnitExists";

    private const string Name = "org.freedesktop.systemd1";
    private const string ObjectPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = "org.freedesktop.systemd1.Manager";
    private const string NoSuchUnit = "org.freedesktop.systemd1.NoSuchUnit";

    /// <summary>The longest that everything may take that is done over one connection. A busy systemd takes seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly DBusConnection connection;
    private bool listens;

    private SystemdConnection(DBusConnection connection) => this.connection = connection;

    /// <summary>Connects.</summary>
    /// <param name="isUser">To the user's own, not to the machine's.</param>
    /// <exception cref="ContainerException">There is none, or it does not take this user in.</exception>
    public static SystemdConnection Open(bool isUser)
    {
        IReadOnlyList<(BusAddress Address, bool HasBus)> places = ManagerSockets.Of(isUser);
        string reason = "";
        foreach ((BusAddress address, bool hasBus) in places)
        {
            try
            {
                return Open(address, hasBus);
            }
            catch (Exception e) when (e is KernelException or DBusException)
            {
                reason = reason.Length == 0 ? e.Message : $"{reason}; {e.Message}";
            }
        }

        throw new ContainerException(
            isUser
                ? $"--systemd-cgroup: no service manager of this user: {reason} "
                    + "(log in as this user or use 'loginctl enable-linger', set XDG_RUNTIME_DIR, or leave the option out)"
                : $"--systemd-cgroup: no service manager: {reason} (boot with systemd, or leave the option out)"
        );
    }

    /// <summary>Connects to one place.</summary>
    /// <exception cref="KernelException">Nobody listens, or this user may not connect.</exception>
    /// <exception cref="DBusException">The other side is no bus, or refuses this user.</exception>
    internal static SystemdConnection Open(BusAddress address, bool hasBus) =>
        new(DBusConnection.Open(address, hasBus, Longest, IsJobRemoved));

    /// <summary>The number of its version; 0 where that cannot be made out.</summary>
    public int ReadVersion()
    {
        ReadOnlySpan<char> text = ReadProperty("Version");
        text = text.StartsWith("v") ? text[1..] : text;
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? text : text[..end], CultureInfo.InvariantCulture, out int version) ? version : 0;
    }

    /// <summary>The cgroup that its units lie below, relative to the root; empty for the root.</summary>
    public string ReadControlGroup() => ReadProperty("ControlGroup").Trim('/');

    /// <summary>Whether there is a unit of a name that has not ended.</summary>
    public bool IsAlive(string unit)
    {
        DBusMessage? answer = TryCall("GetUnit", "s", body => body.WriteString(unit));
        if (answer is null)
        {
            return false;
        }

        string path = new DBusReader(answer.Body.Span).ReadString();
        return ReadProperty("ActiveState", path, "org.freedesktop.systemd1.Unit") is not ("inactive" or "failed");
    }

    /// <summary>Begins a transient unit and waits until it has begun.</summary>
    /// <exception cref="ContainerException">There is a unit of this name, or systemd refuses or fails.</exception>
    public void Start(string unit, IReadOnlyList<UnitProperty> properties)
    {
        Listen();
        string job;
        try
        {
            job = CallStart(unit, properties);
        }
        catch (DBusException e) when (e.Error == UnitExists)
        {
            // One that has failed and was not collected is in nobody's way.
            TryCall("ResetFailedUnit", "s", body => body.WriteString(unit));
            job = CallStart(unit, properties);
        }

        string result = WaitForJob(job);
        if (result != "done")
        {
            throw new ContainerException($"start unit '{unit}': systemd says '{result}' (see: journalctl -u '{unit}')");
        }
    }

    /// <summary>Ends a unit, waits until it has ended, and forgets that it may have failed. No error if there is none.</summary>
    public void Stop(string unit)
    {
        Listen();
        DBusMessage? answer = TryCall(
            "StopUnit",
            "ss",
            body =>
            {
                body.WriteString(unit);
                body.WriteString("replace");
            }
        );
        if (answer is not null)
        {
            WaitForJob(new DBusReader(answer.Body.Span).ReadString());
            TryCall("ResetFailedUnit", "s", body => body.WriteString(unit));
        }
    }

    /// <summary>Changes a unit's properties until it ends.</summary>
    /// <exception cref="DBusException">systemd refuses one.</exception>
    public void SetProperties(string unit, IReadOnlyList<UnitProperty> properties) =>
        Call(
            "SetUnitProperties",
            "sba(sv)",
            body =>
            {
                body.WriteString(unit);
                body.WriteBoolean(true);
                UnitProperty.Write(body, properties);
            }
        );

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static bool IsJobRemoved(DBusMessage signal) =>
        signal is { Member: "JobRemoved", Interface: ManagerInterface, Signature: "uoss" };

    // Before the job is asked for, so that its end is not missed.
    private void Listen()
    {
        if (!listens)
        {
            connection.Match(
                $"type='signal',sender='{Name}',path='{ObjectPath}',interface='{ManagerInterface}',member='JobRemoved'"
            );
            listens = true;
        }
    }

    private string CallStart(string unit, IReadOnlyList<UnitProperty> properties)
    {
        DBusMessage answer = Call(
            "StartTransientUnit",
            "ssa(sv)a(sa(sv))",
            body =>
            {
                body.WriteString(unit);
                body.WriteString("fail");
                UnitProperty.Write(body, properties);
                body.EndArray(body.BeginArray(8));
            }
        );
        return new DBusReader(answer.Body.Span).ReadString();
    }

    private string WaitForJob(string job)
    {
        while (true)
        {
            DBusReader signal = new(connection.WaitForSignal().Body.Span);
            signal.ReadUInt32();
            if (signal.ReadString() == job)
            {
                signal.ReadString();
                return signal.ReadString();
            }
        }
    }

    private string ReadProperty(string name, string path = ObjectPath, string @interface = ManagerInterface)
    {
        DBusMessage answer = connection.Call(
            DBusConnection.MakeCall(
                Name,
                path,
                "org.freedesktop.DBus.Properties",
                "Get",
                "ss",
                body =>
                {
                    body.WriteString(@interface);
                    body.WriteString(name);
                }
            )
        );
        DBusReader value = new(answer.Body.Span);
        return answer.Signature == "v" && value.ReadSignature() == "s"
            ? value.ReadString()
            : throw DBusReader.Malformed($"systemd's {name} is no text");
    }

    private DBusMessage Call(string member, string signature, Action<DBusWriter> write) =>
        connection.Call(DBusConnection.MakeCall(Name, ObjectPath, ManagerInterface, member, signature, write));

    // Null where there is no such unit.
    private DBusMessage? TryCall(string member, string signature, Action<DBusWriter> write)
    {
        try
        {
            return Call(member, signature, write);
        }
        catch (DBusException e) when (e.Error == NoSuchUnit)
        {
            return null;
        }
    }
}
