using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Typed requests to a child, and its answers, over a socket that it inherits. The child is a program with this library
/// (<see cref="FromInherited"/>) or any other that speaks the frames.
/// </summary>
/// <remarks>
/// <para>
/// The environment variable TARE_CHANNEL holds the number of a connected stream socket of AF_UNIX. Both sides write frames: a
/// head of 16 bytes, numbers little-endian, and a body.
/// </para>
/// <list type="table">
/// <item><term>0, 4 bytes</term><description>the body's length in bytes</description></item>
/// <item><term>4, 1 byte</term><description>the kind: 1 request, 2 response, 3 error, 4 cancel</description></item>
/// <item><term>5, 1 byte</term><description>how many descriptors go along, as SCM_RIGHTS with the frame's first byte</description></item>
/// <item><term>6, 2 bytes</term><description>zero</description></item>
/// <item><term>8, 8 bytes</term><description>the request's number, chosen by who asks</description></item>
/// </list>
/// <para>
/// The body of a request and of a response is JSON in UTF-8, that of an error a text in UTF-8, that of a cancel empty. Every
/// request is answered by one response or error, in any order, cancelled ones too. Who is told to cancel may do it.
/// The end of the socket is the end of the channel.
/// </para>
/// </remarks>
public static class ProcessChannel
{
    /// <summary>The name of the environment variable that holds the socket's number in the child.</summary>
    public const string Variable = "TARE_CHANNEL";

    /// <summary>Starts a process with a channel to it: its socket is the first free descriptor from 3.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="request">How requests are written: of a source-generated JsonSerializerContext.</param>
    /// <param name="response">How responses are read.</param>
    /// <param name="options">Limits; null is <see cref="ProcessChannelOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The options ask for what no process can be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">It could not be started; nothing is left.</exception>
    public static ProcessChannel<TRequest, TResponse> Start<TRequest, TResponse>(
        ProcessStartOptions start,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response,
        ProcessChannelOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        options = (options ?? ProcessChannelOptions.Default).Checked();
        SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make a pair of sockets");
        ChildProcess? child = null;
        try
        {
            using SocketFd other = pair.Second;
            int number = 3;
            while (start.Descriptors.ContainsKey(number))
            {
                number++;
            }

            child = ChildProcess.Start(
                start with
                {
                    Descriptors = start.Descriptors.Add(number, other),
                    Environment = (start.Environment ?? ProcessEnvironment.Current()).With(
                        Variable,
                        number.ToString(CultureInfo.InvariantCulture)
                    ),
                }
            );
            return new(child, new FrameSocket(pair.First, options.MaximumLength), request, response, options);
        }
        catch
        {
            pair.First.Dispose();
            child?.Kill();
            child?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The other side of <see cref="Start"/>, in the child. It takes the variable out of this process's environment, so that what
    /// is started from here does not look for a channel.
    /// </summary>
    /// <exception cref="InvalidOperationException">This process was given no channel, or has taken it already.</exception>
    public static ProcessChannelServer<TRequest, TResponse> FromInherited<TRequest, TResponse>(
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response,
        ProcessChannelOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        options = (options ?? ProcessChannelOptions.Default).Checked();
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number < 3
            || !DescriptorTable.IsInherited(number)
        )
        {
            throw new InvalidOperationException(
                $"this process was given no channel: {Variable} is "
                    + (text is null ? "not set" : $"'{text}', which is no inherited descriptor")
            );
        }

        SocketFd socket = UnixSockets.Adopt(number).OrThrow("take over descriptor", text);
        Environment.SetEnvironmentVariable(Variable, null);
        return new(socket, request, response, options);
    }
}
