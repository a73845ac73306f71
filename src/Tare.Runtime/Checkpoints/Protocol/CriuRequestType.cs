namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What CRIU is asked for, and what it answers. criu_req_type in CRIU's rpc.proto.</summary>
internal enum CriuRequestType
{
    /// <summary>Nothing: how a failure is answered that comes before the request was understood.</summary>
    Empty = 0,

    /// <summary>Save processes.</summary>
    Dump = 1,

    /// <summary>Make saved processes anew.</summary>
    Restore = 2,

    /// <summary>A word in the middle of the work, and the answer to it.</summary>
    Notify = 6,

    /// <summary>Say whether this kernel has certain features.</summary>
    FeatureCheck = 9,

    /// <summary>Say the version.</summary>
    Version = 10,

    /// <summary>Save the memory alone of processes that go on, once.</summary>
    SinglePreDump = 13,
}
