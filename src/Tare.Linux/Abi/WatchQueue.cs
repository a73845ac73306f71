using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct watch_notification_filter with one struct watch_notification_type_filter. linux/watch_queue.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WatchQueueFilter
{
    internal uint Count;
    internal uint Reserved;
    internal uint Type;
    internal uint InfoFilter;
    internal uint InfoMask;
    internal WatchQueueSubtypes Subtypes;
}

/// <summary>A bit for each of 256 subtypes. linux/watch_queue.h.</summary>
[InlineArray(8)]
internal struct WatchQueueSubtypes
{
    private uint _first;
}
