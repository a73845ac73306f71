using System.Collections;
using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Checkpoints.Protocol;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// A CRIU that works for this process alone, and how it is spoken to. It is not ended with this process: it sees that
/// nobody answers any more, sets right what it has begun, and ends by itself. Killed in the middle, it would leave the
/// container's processes with its own code in them.
/// </summary>
internal sealed class CriuService : IDisposable
{
    /// <summary>CRIU's notifications of the end of a restored terminal, and what is asked for here, are this old.</summary>
    private const int OldestVersion = 31_500;

    private const int LongestMessage = 1 << 16;
    private readonly LaunchedProcess process;
    private readonly SocketFd socket;
    private readonly HierarchyOptions hierarchy;
    private bool hasEnded;

    private CriuService(LaunchedProcess process, SocketFd socket, HierarchyOptions hierarchy)
    {
        this.process = process;
        this.socket = socket;
        this.hierarchy = hierarchy;
    }

    /// <summary>Its process's number.</summary>
    public int ProcessId => process.ProcessId;

    /// <summary>Starts it.</summary>
    /// <param name="kept">Descriptors that it inherits under the numbers that they have here. Not owned.</param>
    /// <param name="plan">Plans it, of its environment and the numbers of its descriptors.</param>
    /// <param name="handles">What the plan is to be handed.</param>
    /// <param name="enterCgroup">Has it, whose number it is given, moved to its cgroup, if the plan waits for that.</param>
    /// <exception cref="ContainerException">It is not installed, or older than 3.15.</exception>
    public static CriuService Start(
        IEnumerable<FileDescriptor> kept,
        Func<ImmutableArray<string>, IReadOnlyList<int>, PlannedLaunch> plan,
        LaunchHandles handles,
        Action<int>? enterCgroup = null
    )
    {
        SocketPair sockets = UnixSockets.CreatePair(SocketFlags.SOCK_SEQPACKET).OrThrow("make a socket pair");
        using SocketFd theirs = sockets.Second;
        try
        {
            HierarchyOptions options = new();
            List<int> numbers = [theirs.Number, .. kept.Select(descriptor => descriptor.Number)];
            CriuService service = new(Launch(plan(Variables(), numbers), handles, enterCgroup), sockets.First, options);
            theirs.Dispose();
            try
            {
                service.CheckVersion();
                return service;
            }
            catch
            {
                service.Dispose();
                throw;
            }
        }
        catch
        {
            sockets.First.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that this kernel and this CRIU have something.</summary>
    /// <exception cref="ContainerException">They have not.</exception>
    public void Require(CriuFeatures features, string option, string remedy)
    {
        CriuResponse response = Ask(
            new CriuRequest(CriuRequestType.FeatureCheck) { Features = features, KeepsOpen = true }
        );
        if (!response.Success)
        {
            throw new ContainerException(
                $"{option}: criu cannot tell what this kernel can do: {response.Reason} (ask 'criu check --all')"
            );
        }

        if ((response.Features & features) != features)
        {
            throw new ContainerException($"{option}: criu cannot do so on this kernel: ENOTSUP ({remedy})");
        }
    }

    /// <summary>Has it do the work, and waits for its end.</summary>
    /// <param name="request">The work.</param>
    /// <param name="notify">What is done when it tells of a part of it; the descriptors that come with it are closed then.</param>
    /// <returns>How it went; a failure too where it ended without an answer.</returns>
    /// <exception cref="ContainerException">Its answer cannot be read.</exception>
    public CriuResponse Work(CriuRequest request, Action<CriuResponse, IReadOnlyList<FileFd>> notify)
    {
        Send(request);
        while (true)
        {
            (CriuResponse response, ReceivedMessage message) = Receive();
            using (message)
            {
                if (response.Type != CriuRequestType.Notify)
                {
                    WaitForEnd();
                    return response;
                }

                notify(response, message.Descriptors);
            }

            Send(new CriuRequest(CriuRequestType.Notify) { GoesOn = true });
        }
    }

    /// <summary>Lets go of it; where it has not done its work it gives that up and sets right what it has begun.</summary>
    public void Dispose()
    {
        socket.Dispose();
        WaitForEnd();
        process.Dispose();
    }

    private static LaunchedProcess Launch(PlannedLaunch planned, LaunchHandles handles, Action<int>? enterCgroup)
    {
        try
        {
            using PendingLaunch launch = ContainerLaunch.Begin(planned, handles, enterCgroup: enterCgroup);
            return launch.Complete();
        }
        catch (LaunchException e)
        {
            throw new ContainerException($"{e.Message} (checkpoints need CRIU: install the package criu)", e);
        }
    }

    private static ImmutableArray<string> Variables()
    {
        ImmutableArray<string>.Builder variables = ImmutableArray.CreateBuilder<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables.ToImmutable();
    }

    private void CheckVersion()
    {
        CriuResponse response = Ask(new CriuRequest(CriuRequestType.Version) { KeepsOpen = true });
        if (response.Version == 0)
        {
            throw new ContainerException(
                response.ErrorMessage.Length > 0 ? response.ErrorMessage : "criu does not say its version"
            );
        }

        if (response.Version < OldestVersion)
        {
            int version = response.Version;
            throw new ContainerException(
                $"criu {version / 10_000}.{version / 100 % 100} is too old: ENOTSUP (install criu 3.15 or newer)"
            );
        }
    }

    private CriuResponse Ask(CriuRequest request)
    {
        Send(request);
        (CriuResponse response, ReceivedMessage message) = Receive();
        message.Dispose();
        return response;
    }

    // One that has ended is noticed where its answer is missing.
    private void Send(CriuRequest request) => DescriptorPassing.Send(socket, request.Write());

    private (CriuResponse Response, ReceivedMessage Message) Receive()
    {
        byte[] buffer = new byte[LongestMessage];
        SysResult<ReceivedMessage> received = DescriptorPassing.Receive(socket, buffer);

        // The second where it ended without having read what it was sent.
        if (received is { Ok: true, Value.Length: 0 } || received.Errno == Errno.ECONNRESET)
        {
            return (CriuResponse.Missing($"criu ended without an answer: {WaitForEnd()}"), default);
        }

        ReceivedMessage message = received.OrThrow("receive criu's answer");
        try
        {
            if (message.Truncated)
            {
                throw new ContainerException("criu's answer is longer than it may be: EMSGSIZE");
            }

            return (CriuResponse.Read(buffer.AsSpan(0, message.Length)), message);
        }
        catch (FormatException e)
        {
            message.Dispose();
            throw new ContainerException($"criu's answer cannot be read: {e.Message}", e);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private string WaitForEnd()
    {
        if (hasEnded)
        {
            return "it has ended";
        }

        hasEnded = true;
        ExitStatus? status = PidFds.Wait(process.Process, WaitOptions.WEXITED | WaitOptions.__WALL).Value?.Status;
        hierarchy.PutBack();
        return status is { } ended ? $"exit status {ended.ToShellStatus()}" : "it was taken away";
    }
}
