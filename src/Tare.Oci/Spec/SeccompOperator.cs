namespace Tare.Oci;

/// <summary>How an argument of a system call is compared. config-linux.md.</summary>
public enum SeccompOperator
{
    /// <summary>It is another.</summary>
    NotEqual,

    /// <summary>It is less.</summary>
    LessThan,

    /// <summary>It is less, or the same.</summary>
    LessOrEqual,

    /// <summary>It is the same.</summary>
    Equal,

    /// <summary>It is greater, or the same.</summary>
    GreaterOrEqual,

    /// <summary>It is greater.</summary>
    GreaterThan,

    /// <summary>Of its bits, those of a mask are the same.</summary>
    MaskedEqual,
}
