namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What CRIU does about cgroups. criu_cg_mode in CRIU's rpc.proto; criu(8), <c>--manage-cgroups</c>.</summary>
public enum CriuCgroupMode
{
    /// <summary>Nothing.</summary>
    Ignore = 0,

    /// <summary>Sets the properties of groups that it makes itself.</summary>
    Soft = 3,

    /// <summary>Sets the properties of all groups.</summary>
    Full = 4,

    /// <summary>Makes all groups itself; none may be there.</summary>
    Strict = 5,
}
