using Tare.Linux;

namespace Tare.Launch;

/// <summary>
/// The values of a plan's input slots: descriptors of this process, which the child finds open under the same number
/// until the plan closes them. The handles stay the caller's and must live until the launch has ended.
/// </summary>
public sealed class LaunchInputs
{
    private readonly List<(Slot Slot, FileDescriptor? Handle, long Value)> values = [];

    internal IReadOnlyList<(Slot Slot, FileDescriptor? Handle, long Value)> Values => values;

    /// <summary>Hands the child a descriptor.</summary>
    public LaunchInputs Add(Slot slot, FileDescriptor handle)
    {
        values.Add((slot, handle, 0));
        return this;
    }

    /// <summary>Hands the child a number.</summary>
    public LaunchInputs Add(Slot slot, long value)
    {
        values.Add((slot, null, value));
        return this;
    }
}
