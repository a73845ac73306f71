using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// What is taken along from the host: the sources of bind mounts, picked out of its tree while it is visible. They are
/// attached nowhere until <see cref="MountSteps"/> puts them into the container.
/// </summary>
internal static class SourceSteps
{
    /// <summary>Picks the source of every bind mount; the result has a slot where the mount is one.</summary>
    public static Slot?[] Write(PlanState state, ValidatedSpec spec, bool cutOff)
    {
        Slot?[] sources = new Slot?[spec.Mounts.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            ValidatedMount mount = spec.Mounts[i];
            if (mount.Kind == MountKind.Bind)
            {
                sources[i] = Pick(state, mount.Source, mount.Options.IsRecursive);
                if (!cutOff && mount.Options.Propagation.IsEmpty)
                {
                    // The host's tree is still shared here; what did not ask to be must not stay so.
                    MountSteps.SetAttributes(
                        state,
                        sources[i]!,
                        $"keep mounts in '{mount.Destination}' from reaching the host",
                        0,
                        0,
                        MountFlags.MS_SLAVE,
                        mount.Options.IsRecursive
                    );
                }
            }
        }

        return sources;
    }

    /// <summary>Picks a file or directory of the host as a mount that is attached nowhere.</summary>
    public static Slot Pick(PlanState state, string path, bool deep)
    {
        OpenTreeFlags flags = OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC;
        Slot source = state.Plan.NewSlot($"the host's {path}");
        state.Plan.CallInto(
            source,
            $"pick the host's '{path}'",
            Syscall.open_tree,
            Argument.WorkingDirectory,
            path,
            Argument.Flags(deep ? flags | OpenTreeFlags.AT_RECURSIVE : flags)
        );
        return source;
    }
}
