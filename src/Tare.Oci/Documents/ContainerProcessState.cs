namespace Tare.Oci;

/// <summary>What the program that answers a filter's notifications is told. config-linux.md, "The Container Process State".</summary>
public sealed record ContainerProcessState
{
    /// <summary>The name of the descriptor that comes along: the filter's listener.</summary>
    public const string Listener = "seccompFd";

    /// <summary>The process under the filter, in the runtime's PID namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>What the profile says besides; null is nothing.</summary>
    public string? Metadata { get; init; }

    /// <summary>The container's state.</summary>
    public required StateDocument State { get; init; }

    /// <summary>The document on one line, without a newline.</summary>
    public byte[] Write() =>
        JsonOutput.Make(
            this,
            JsonLayout.Compact,
            static (json, told) =>
            {
                json.WriteStartObject();
                json.WriteString("ociVersion"u8, told.State.OciVersion);
                json.WriteArray("fds"u8, [Listener]);
                json.WriteNumber("pid"u8, told.Pid);
                json.WriteText("metadata"u8, string.IsNullOrEmpty(told.Metadata) ? null : told.Metadata);
                json.WritePropertyName("state"u8);
                StateDocument.WriteValue(json, told.State);
                json.WriteEndObject();
            }
        );
}
