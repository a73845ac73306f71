namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>How a field's value is encoded. Encoding guide of protocol buffers, "Message structure".</summary>
internal enum WireType
{
    /// <summary>Seven bits a byte, the lowest first.</summary>
    Number = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and as many bytes.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
