using Tare.Fuzz.Fuzzing;
using Tare.Runtime.DBus;

namespace Tare.Fuzz.Targets;

/// <summary>
/// A message of D-Bus is read or refused by one line. What was read is, written again, read as the same; without its last
/// byte it is no message. Its values are passed over as far as a reader that goes by the specification alone comes, and
/// what that one reads is written as the same bytes; memory is bounded by the length.
/// </summary>
internal static class DBusTarget
{
    public static void Try(byte[] bytes)
    {
        if (Read(bytes) is not { } message)
        {
            return;
        }

        Assert.Null(Read(bytes[..^1]));
        DBusMessage again = DBusMessage.Parse(message.Write());
        Assert.Equal(message with { Body = default }, again with { Body = default });
        Assert.Equal(message.Body.ToArray(), again.Body.ToArray());
        PassesOver(message.Signature, message.Body.ToArray());
    }

    private static DBusMessage? Read(byte[] bytes)
    {
        try
        {
            return Promise.Within((bytes.Length * 64L) + (64 << 10), () => DBusMessage.Parse(bytes));
        }
        catch (DBusException refusal)
        {
            IsRefusal(refusal);
            return null;
        }
    }

    private static void PassesOver(string signature, byte[] body)
    {
        NaiveValues naive = new(body);
        bool isNone = !naive.Copy(signature);
        int position = 0;
        try
        {
            DBusReader reader = new(body);
            ReadOnlySpan<char> types = signature;
            while (!types.IsEmpty)
            {
                reader.Skip(ref types);
            }

            position = reader.Position;
            Assert.False(isNone, $"values of '{signature}' are passed over that are none");
        }
        catch (DBusException refusal)
        {
            IsRefusal(refusal);
            Assert.True(isNone, $"values of '{signature}' are refused: {refusal.Message}");
            return;
        }

        Assert.Equal(naive.Position, position);
        Assert.Equal(body[..position], naive.Written);
    }

    private static void IsRefusal(DBusException refusal)
    {
        Promise.IsOneLine(refusal.Message);
        Assert.StartsWith("read a D-Bus message: EBADMSG (", refusal.Message);
        Assert.Null(refusal.Error);
    }
}
