using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Collects what is seen. Thread-safe.</summary>
internal sealed class RecordingBuilder
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> calls = new(StringComparer.Ordinal);
    private readonly HashSet<int> unknown = [];
    private readonly HashSet<FilterAbi> abis = [];
    private readonly HashSet<(string Call, ulong Operation)> operations = [];
    private readonly HashSet<RecordedSocket> sockets = [];
    private readonly Dictionary<string, RecordedPath> paths = new(StringComparer.Ordinal);
    private readonly HashSet<RecordedEndpoint> endpoints = [];
    private readonly HashSet<Capability> capabilities = [];
    private long unreadable;

    /// <summary>A call, of an unknown name by its number.</summary>
    public void AddCall(string? name, int number, FilterAbi? abi, long times = 1)
    {
        lock (gate)
        {
            if (abi is { } known)
            {
                abis.Add(known);
            }

            if (name is null)
            {
                unknown.Add(number);
            }
            else
            {
                CollectionsMarshal.GetValueRefOrAddDefault(calls, name, out _) += times;
            }
        }
    }

    /// <summary>What a call is to do.</summary>
    public void AddOperation(string call, ulong operation)
    {
        lock (gate)
        {
            operations.Add((call, operation));
        }
    }

    /// <summary>A kind of socket.</summary>
    public void Add(RecordedSocket socket)
    {
        lock (gate)
        {
            sockets.Add(socket);
        }
    }

    /// <summary>A use of a path.</summary>
    public void Add(RecordedPath path)
    {
        lock (gate)
        {
            ref RecordedPath? place = ref CollectionsMarshal.GetValueRefOrAddDefault(paths, path.Path, out _);
            place = place is null ? path : place.With(path);
        }
    }

    /// <summary>A use of an address.</summary>
    public void Add(RecordedEndpoint endpoint)
    {
        lock (gate)
        {
            endpoints.Add(endpoint);
        }
    }

    /// <summary>A capability that may be needed.</summary>
    public void Add(Capability capability)
    {
        lock (gate)
        {
            capabilities.Add(capability);
        }
    }

    /// <summary>Something could not be read.</summary>
    public void AddUnreadable(long times = 1)
    {
        lock (gate)
        {
            unreadable += times;
        }
    }

    /// <summary>All of a recording.</summary>
    public void Add(Recording other)
    {
        lock (gate)
        {
            foreach ((string name, long times) in other.Calls)
            {
                AddCall(name, 0, null, times);
            }

            foreach ((string path, RecordedPath use) in other.Paths)
            {
                Add(use with { Path = path });
            }

            foreach ((string call, ImmutableSortedSet<ulong> done) in other.Operations)
            {
                operations.UnionWith(done.Select(operation => (call, operation)));
            }

            unknown.UnionWith(other.UnknownCalls);
            abis.UnionWith(other.Abis);
            sockets.UnionWith(other.Sockets);
            endpoints.UnionWith(other.Endpoints);
            capabilities.UnionWith(other.Capabilities);
            unreadable += other.Unreadable;
        }
    }

    /// <summary>What was collected until now.</summary>
    public Recording ToRecording()
    {
        lock (gate)
        {
            return new Recording
            {
                Calls = calls.ToImmutableSortedDictionary(StringComparer.Ordinal),
                UnknownCalls = [.. unknown],
                Abis = [.. abis],
                Operations = operations
                    .GroupBy(done => done.Call, done => done.Operation, StringComparer.Ordinal)
                    .ToImmutableSortedDictionary(
                        group => group.Key,
                        group => group.ToImmutableSortedSet(),
                        StringComparer.Ordinal
                    ),
                Sockets = [.. sockets],
                Paths = paths.ToImmutableSortedDictionary(StringComparer.Ordinal),
                Endpoints = [.. endpoints],
                Capabilities = [.. capabilities],
                Unreadable = unreadable,
            };
        }
    }
}
