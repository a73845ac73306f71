namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What is sent to CRIU. criu_req in its rpc.proto.</summary>
/// <param name="Type">What it is asked for.</param>
internal sealed record CriuRequest(CriuRequestType Type)
{
    /// <summary>How it is done.</summary>
    public CriuOptions? Options { get; init; }

    /// <summary>Features that are asked about; none is <see cref="CriuFeatures.None"/>.</summary>
    public CriuFeatures Features { get; init; }

    /// <summary>The answer to a notification: go on.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Another request follows.</summary>
    public bool KeepsOpen { get; init; }

    /// <summary>The message.</summary>
    public byte[] Write()
    {
        MessageWriter message = new();
        message.Number(1, (long)Type);
        if (Options is { } options)
        {
            message.Message(2, options.Write);
        }

        message.Flag(3, GoesOn);
        message.Flag(4, KeepsOpen);
        if (Features != CriuFeatures.None)
        {
            message.Message(
                5,
                inner =>
                {
                    inner.Flag(1, (Features & CriuFeatures.MemoryTracking) != 0);
                    inner.Flag(2, (Features & CriuFeatures.LazyPages) != 0);
                }
            );
        }

        return message.Written.ToArray();
    }
}
