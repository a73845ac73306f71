using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Checkpoints.Protocol;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>Saves the processes of a container that runs, by CRIU. docs/adr/0011-checkpoints.md.</summary>
internal static class ContainerCheckpoint
{
    /// <summary>The log of a dump.</summary>
    public const string LogFile = "dump.log";

    /// <summary>Saves it. Unless they are left running its processes have ended when this returns.</summary>
    /// <param name="record">The container.</param>
    /// <param name="spec">What it was made as.</param>
    /// <param name="request">How.</param>
    /// <param name="processes">Its processes' numbers.</param>
    /// <exception cref="ContainerException">CRIU is missing or has failed; the container is as before.</exception>
    /// <exception cref="KernelException">A directory cannot be had.</exception>
    public static void Dump(
        ContainerRecord record,
        ValidatedSpec spec,
        CheckpointRequest request,
        IReadOnlyCollection<int> processes
    )
    {
        ExternalMounts.RefuseUnsavable(spec);
        CriuSettings settings = request.Settings;
        Directories.Make(settings.ImagePath);
        Directories.Make(settings.WorkPath);
        using Directories directories = Directories.Open(settings);
        CheckParent(directories.Images, request);
        using ContainerCgroup cgroup = ContainerCgroup.Open(record);
        using StatusPipe? status = request.StatusDescriptor is { } number ? StatusPipe.Open(number) : null;
        List<string> streams = request.IsPreDump ? [] : StandardStreams.Of(record.ProcessId, processes);
        CriuOptions options = new()
        {
            Settings = settings,
            ImagesDirectory = directories.Images.Number,
            WorkDirectory = directories.Work?.Number,
            LogFile = LogFile,
            ProcessId = record.ProcessId,
            Root = spec.Root.Path,
            LeavesRunning = request.LeavesRunning,
            ParentImages = request.ParentPath,
            TracksMemory = request.IsPreDump || request.ParentPath is not null,
            PageServer = request.PageServer,
            EmptyNamespaces = (uint)CloneFlags.CLONE_NEWNET,
            FreezerCgroup = CgroupFreezer.DirectoryOf(cgroup),
            ConfigurationFile = CriuConfiguration.Choose(record.Annotations),
            Mounts = request.IsPreDump ? [] : ExternalMounts.OfRunning(spec, record.ProcessId),
            External = [.. ExternalNamespaces.OfDump(spec.Namespaces), .. StandardStreams.OutsideFiles(streams)],
        };
        using FileFd nothing = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).OrThrow("open", "/dev/null");
        using CriuService criu = CriuService.Start(
            [],
            (environment, kept) =>
                CriuPlanner.ForDump(
                    environment,
                    kept,
                    // By the root of the user namespace, as whom CRIU restores.
                    readable: spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER),
                    settings.LazyPages ? request.PageServer?.Address : null
                ),
            new LaunchHandles { Streams = [nothing, nothing, nothing] }
        );
        RequireFeatures(criu, request);
        if (!request.IsPreDump)
        {
            StandardStreams.Write(directories.Images, streams);
        }

        CriuRequestType type = request.IsPreDump ? CriuRequestType.SinglePreDump : CriuRequestType.Dump;
        CriuResponse response = criu.Work(
            new CriuRequest(type) { Options = options },
            (notification, _) =>
            {
                if (notification.Script == "status-ready")
                {
                    status?.Tell();
                }
            }
        );
        if (!response.Success)
        {
            throw CriuLog.Failure($"checkpoint container {record.Id}", $"{settings.LogDirectory}/{LogFile}", response);
        }
    }

    private static void RequireFeatures(CriuService criu, CheckpointRequest request)
    {
        if (request.IsPreDump || request.ParentPath is not null)
        {
            criu.Require(
                CriuFeatures.MemoryTracking,
                request.IsPreDump ? "--pre-dump" : "--parent-path",
                "it needs CONFIG_MEM_SOFT_DIRTY: save everything at once"
            );
        }

        if (request.Settings.LazyPages)
        {
            LazyPages.RequireForDump(criu, request.PageServer);
        }
    }

    // CRIU itself would only say that it cannot open something.
    private static void CheckParent(DirectoryFd images, CheckpointRequest request)
    {
        if (request.ParentPath is not { } parent)
        {
            return;
        }

        if (parent.StartsWith('/'))
        {
            throw new ContainerException($"--parent-path '{parent}' must be relative to --image-path");
        }

        using DirectoryFd directory = Files
            .OpenDirectoryAt(images, parent)
            .OrThrow(
                "open the --parent-path",
                $"{request.Settings.ImagePath}/{parent}",
                "name the images of a --pre-dump"
            );
    }
}
