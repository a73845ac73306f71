namespace Tare.Oci;

/// <summary>When a hook runs, in the order of a container's life. config.md, "POSIX-platform Hooks".</summary>
public enum HookKind
{
    /// <summary>With those of <see cref="CreateRuntime"/>, before them; deprecated.</summary>
    Prestart,

    /// <summary>In the runtime's namespaces, once the container's exist, before its root is changed.</summary>
    CreateRuntime,

    /// <summary>In the container's namespaces with the runtime's files, before its root is changed.</summary>
    CreateContainer,

    /// <summary>In the container, before its program is executed.</summary>
    StartContainer,

    /// <summary>In the runtime's namespaces, once the program runs.</summary>
    Poststart,

    /// <summary>In the runtime's namespaces, once the container has been deleted.</summary>
    Poststop,
}
