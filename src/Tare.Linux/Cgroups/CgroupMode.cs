namespace Tare.Linux;

/// <summary>How a machine has cgroups.</summary>
public enum CgroupMode
{
    /// <summary>None are mounted.</summary>
    None,

    /// <summary>v1 only: a hierarchy per controller, or per few.</summary>
    Legacy,

    /// <summary>Controllers on v1, and v2 beside them with what v1 left over.</summary>
    Hybrid,

    /// <summary>v2 only (a v1 hierarchy without controllers may stand beside it).</summary>
    Unified,
}
