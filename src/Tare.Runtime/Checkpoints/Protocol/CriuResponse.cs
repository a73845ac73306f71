namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What CRIU answers, or tells of its own accord. criu_resp in its rpc.proto.</summary>
internal sealed record CriuResponse
{
    /// <summary>What it is about.</summary>
    public CriuRequestType Type { get; private init; }

    /// <summary>It worked.</summary>
    public bool Success { get; private init; }

    /// <summary>Which part of the work a notification is about; empty in all others.</summary>
    public string Script { get; private init; } = "";

    /// <summary>The restored process: of a notification, or of a restore that is done; 0 where it is not said.</summary>
    public int ProcessId { get; private init; }

    /// <summary>An errno; 0 where none is said.</summary>
    public int Errno { get; private init; }

    /// <summary>What went wrong; empty where that is not said.</summary>
    public string ErrorMessage { get; private init; } = "";

    /// <summary>What went wrong, as far as it is said.</summary>
    public string Reason =>
        ErrorMessage.Length > 0 ? ErrorMessage
        : Errno == 0 ? "criu failed"
        : $"criu failed: {(Linux.Abi.Errno)Math.Abs(Errno)}";

    /// <summary>Those of the features asked about that there are.</summary>
    public CriuFeatures Features { get; private init; }

    /// <summary>The version, as <c>major * 10000 + minor * 100 + sublevel</c>; 0 where it is not said.</summary>
    public int Version { get; private init; }

    /// <summary>It stands for an answer that has not come.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>What stands for an answer that has not come.</summary>
    public static CriuResponse Missing(string message) => new() { ErrorMessage = message, IsMissing = true };

    /// <summary>Reads a message. Fields of a later version are passed over.</summary>
    /// <exception cref="FormatException">The bytes are no message, or not the whole of one.</exception>
    public static CriuResponse Read(ReadOnlySpan<byte> bytes)
    {
        CriuResponse response = new();
        MessageReader message = new(bytes);
        while (message.Next())
        {
            response = message.Field switch
            {
                1 => response with { Type = (CriuRequestType)message.Int32 },
                2 => response with { Success = message.Flag },
                4 => response with { ProcessId = NumberOf(message.Bytes, 1) },
                5 => response with { Script = TextOf(message.Bytes, 1), ProcessId = NumberOf(message.Bytes, 2) },
                7 => response with { Errno = message.Int32 },
                8 => response with { Features = FeaturesOf(message.Bytes) },
                9 => response with { ErrorMessage = message.Text },
                10 => response with { Version = VersionOf(message.Bytes) },
                _ => response,
            };
        }

        return response;
    }

    private static int NumberOf(ReadOnlySpan<byte> bytes, int field)
    {
        int number = 0;
        MessageReader message = new(bytes);
        while (message.Next())
        {
            number = message.Field == field ? message.Int32 : number;
        }

        return number;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, int field)
    {
        string text = "";
        MessageReader message = new(bytes);
        while (message.Next())
        {
            text = message.Field == field ? message.Text : text;
        }

        return text;
    }

    private static CriuFeatures FeaturesOf(ReadOnlySpan<byte> bytes) =>
        (NumberOf(bytes, 1) != 0 ? CriuFeatures.MemoryTracking : CriuFeatures.None)
        | (NumberOf(bytes, 2) != 0 ? CriuFeatures.LazyPages : CriuFeatures.None);

    // A version from git without a tag counts as the one that comes next, as CRIU's own libraries have it.
    private static int VersionOf(ReadOnlySpan<byte> bytes)
    {
        int minor = NumberOf(bytes, 2);
        int sublevel = NumberOf(bytes, 4);
        if (TextOf(bytes, 3).Length > 0)
        {
            minor++;
            sublevel = 0;
        }

        return (NumberOf(bytes, 1) * 10_000) + (minor * 100) + sublevel;
    }
}
