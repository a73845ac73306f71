namespace Tare.Runtime.DBus;

/// <summary>What a message is; the numbers are the protocol's.</summary>
internal enum DBusMessageType : byte
{
    MethodCall = 1,
    MethodReturn = 2,
    Error = 3,
    Signal = 4,
}
