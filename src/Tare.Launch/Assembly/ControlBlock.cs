namespace Tare.Launch.Assembly;

/// <summary>
/// The memory at the head of a launch's data that the code, its processes and the launcher share: offsets in bytes. Every
/// value has 8 bytes unless it says otherwise.
/// </summary>
internal static class ControlBlock
{
    /// <summary>What clone3 gave the launcher: the number of the process it made, or a negated errno.</summary>
    public const int CloneResult = 0;

    /// <summary>The index of the step that failed. With <see cref="Errno"/> it is the failure report.</summary>
    public const int FailedStep = 8;

    /// <summary>The errno of the step that failed first, or 0.</summary>
    public const int Errno = 16;

    /// <summary>
    /// 32 bits, a futex: <see cref="Running"/>, the number of the gate that the child waits at, or 0 once the kernel has
    /// cleared it because the child has executed its program or ended (CLONE_CHILD_CLEARTID).
    /// </summary>
    public const int Progress = 24;

    /// <summary>The number of the process that a spawn step made, which executes the program; the kernel writes it before that process runs.</summary>
    public const int SpawnedProcess = 32;

    /// <summary>32 bits: the pidfd of the child.</summary>
    public const int PidFd = 40;

    /// <summary>The signal mask of the launching thread before the launch.</summary>
    public const int SavedMask = 48;

    /// <summary>A signal mask that blocks everything.</summary>
    public const int FullMask = 56;

    /// <summary>The arguments of the clone3 that makes the child, 88 bytes.</summary>
    public const int CloneArguments = 64;

    /// <summary>The arguments of the spawning clone3, 88 bytes.</summary>
    public const int SpawnArguments = 152;

    /// <summary>An eventfd that the launcher writes to when the child may go on.</summary>
    public const int GateDescriptor = 240;

    /// <summary>Two pollfd, 16 bytes: the gate and the launching process.</summary>
    public const int GatePoll = 248;

    /// <summary>What is read from the gate.</summary>
    public const int GateValue = 264;

    /// <summary>A kernel sigaction of zeros: the default action. 32 bytes.</summary>
    public const int DefaultAction = 272;

    /// <summary>The index of the step that the child is at.</summary>
    public const int Step = 304;

    /// <summary>The errno of the step that fails just now.</summary>
    public const int StepErrno = 312;

    /// <summary>The number of the child; the kernel writes it before the child runs.</summary>
    public const int Process = 320;

    /// <summary>What clone3 gave the holder, once it is back from it: the child's number, or a negated errno.</summary>
    public const int HolderResult = 328;

    /// <summary>
    /// 32 bits, a futex: 1 while the holder makes the child, 2 once the child runs, 0 when the kernel has cleared it because
    /// the holder has ended.
    /// </summary>
    public const int Holding = 336;

    /// <summary>32 bits: the pidfd of the holder.</summary>
    public const int HolderPidFd = 344;

    /// <summary>The arguments of the clone3 that makes the holder, 88 bytes.</summary>
    public const int HolderArguments = 352;

    /// <summary>A descriptor that the launching process is killed by when something is written to it.</summary>
    public const int KillDescriptor = 440;

    /// <summary>The slots, 8 bytes each.</summary>
    public const int Slots = 448;

    /// <summary>The value of <see cref="Progress"/> while the child runs.</summary>
    public const uint Running = 0xFFFF_FFFF;

    /// <summary>The value of <see cref="Holding"/> until the child runs.</summary>
    public const uint Making = 1;

    /// <summary>The value of <see cref="Holding"/> once the child runs.</summary>
    public const uint Made = 2;

    /// <summary>The size of clone3's arguments (CLONE_ARGS_SIZE_VER2).</summary>
    public const int CloneArgumentsSize = 88;
}
