namespace Tare.Runtime.DBus;

/// <summary>
/// A bus cannot be reached, does not keep to the protocol, or answers with an error. The message is one line, and of what
/// the other side said it holds no more than fits into one.
/// </summary>
/// <param name="message">The line.</param>
/// <param name="error">The error's name as the other side gave it (<c>org.freedesktop.systemd1.UnitExists</c>), or null.</param>
public sealed class DBusException(string message, string? error = null) : Exception(message)
{
    /// <summary>The error's name as the other side gave it; null where it did not answer with one.</summary>
    public string? Error { get; } = error;
}
