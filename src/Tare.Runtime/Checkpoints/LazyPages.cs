using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Checkpoints.Protocol;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// Memory that goes over last: the dump serves it, <c>criu lazy-pages</c> fetches it where the container is restored, and its
/// processes have it when they come to it. docs/adr/0011-checkpoints.md.
/// </summary>
internal static class LazyPages
{
    private const string Option = "--lazy-pages";

    // Where "criu lazy-pages" listens, in its --work-dir.
    private const string Socket = "lazy-pages.socket";

    // The pipe that pages go through has as many as buffers of 40 bytes fit into 8 pages. CRIU's page-pipe.h.
    private const int BufferSize = 40;
    private const int BufferPages = 8;

    /// <summary>Makes sure that pages can be served: CRIU itself would find out only when it is asked for them.</summary>
    /// <exception cref="ContainerException">They cannot.</exception>
    public static void RequireForDump(CriuService criu, PageServer? server)
    {
        if (server is null)
        {
            throw new ContainerException($"{Option}: nobody could ask for pages (add --page-server ADDRESS:PORT)");
        }

        criu.Require(CriuFeatures.LazyPages, Option, "it needs userfaultfd: leave the option out");
        RequirePipe();
    }

    /// <summary>Makes sure that somebody hands pages over, who does not run where the kernel cannot do it.</summary>
    /// <exception cref="ContainerException">Nobody does.</exception>
    public static void RequireServer(CriuSettings settings)
    {
        string path = $"{settings.LogDirectory}/{Socket}";
        SysResult found = Files.FAccessAt2(null, path, AccessModes.F_OK);
        if (!found.Ok)
        {
            throw new ContainerException(
                $"{Option}: '{path}': {found.Errno} (start 'criu lazy-pages' with --work-dir '{settings.LogDirectory}' first)"
            );
        }
    }

    private static void RequirePipe()
    {
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        int size = BufferPages * Environment.SystemPageSize / BufferSize * Environment.SystemPageSize;
        SysResult grown = Pipes.SetSize(pipe.ReadEnd, size);
        if (!grown.Ok)
        {
            throw new ContainerException(
                $"{Option}: make a pipe of {size} bytes: {grown.Errno} "
                    + "(criu needs CAP_SYS_RESOURCE for that, or a larger fs.pipe-max-size, see sysctl(8))"
            );
        }
    }
}
