namespace Tare.Processes;

/// <summary>A value for a file of a cgroup.</summary>
/// <param name="Controller">The controller whose file it is; empty for the cgroup's own.</param>
/// <param name="File">The file's name.</param>
/// <param name="Value">What is written.</param>
/// <param name="Limit">The property of <see cref="ControlGroupLimits"/> that asks for it.</param>
internal readonly record struct ControlGroupSetting(string Controller, string File, string Value, string Limit);
