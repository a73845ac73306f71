namespace Tare.Oci;

/// <summary>Where a container is in its life. runtime.md, "State"; <see cref="Paused"/> is runc's addition.</summary>
public enum ContainerStatus
{
    /// <summary>It is being made.</summary>
    Creating,

    /// <summary>It is made and its program waits for <c>start</c>.</summary>
    Created,

    /// <summary>Its program runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its program has ended.</summary>
    Stopped,
}
