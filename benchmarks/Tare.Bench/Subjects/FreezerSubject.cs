using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.Bench.Subjects;

/// <summary>Pausing or resuming a container of tare-oci from this process, as an engine in .NET would: the container is looked up each time.</summary>
internal sealed class FreezerSubject(string name, LiveContainer container, string state, bool pauses) : Subject(name)
{
    private readonly StateStore store = new(state);
    private readonly ContainerId id = ContainerId.Parse(container.Id);

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        TimeSpan pause = Time(static one => one.Pause());
        TimeSpan resume = Time(static one => one.Resume());
        return pauses ? pause : resume;
    }

    private TimeSpan Time(Action<Container> deed)
    {
        long begin = Stopwatch.GetTimestamp();
        using Container one = Container.OpenMade(store, id);
        deed(one);
        return Stopwatch.GetElapsedTime(begin);
    }
}
