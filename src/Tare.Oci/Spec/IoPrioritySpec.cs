namespace Tare.Oci;

/// <summary>How the program's I/O is scheduled. config.md, "ioPriority"; ioprio_set(2).</summary>
/// <param name="Class">The class: <c>IOPRIO_CLASS_RT</c>, <c>IOPRIO_CLASS_BE</c> or <c>IOPRIO_CLASS_IDLE</c>.</param>
/// <param name="Priority">The priority within it: 0 is the highest, 7 the lowest.</param>
public sealed record IoPrioritySpec(string Class, int Priority);
