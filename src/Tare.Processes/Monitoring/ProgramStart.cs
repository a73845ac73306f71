namespace Tare.Processes;

/// <summary>A process of a cgroup has executed a program.</summary>
/// <param name="ProcessId">Its number in the machine's first PID namespace.</param>
/// <param name="UserId">Its real user, as the machine's first user namespace has it.</param>
/// <param name="FileName">What it executed, as it named it; at most 255 bytes.</param>
public sealed record ProgramStart(int ProcessId, uint UserId, string FileName);
