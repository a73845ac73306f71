namespace Tare.Runtime.Watching;

/// <summary>What can happen while a container is watched.</summary>
public enum ContainerEvent
{
    /// <summary>The time was up.</summary>
    TimePassed,

    /// <summary>It needed memory that was not to be had within its limit.</summary>
    OutOfMemory,

    /// <summary>Its first process has ended, and nothing more will happen.</summary>
    Ended,
}
