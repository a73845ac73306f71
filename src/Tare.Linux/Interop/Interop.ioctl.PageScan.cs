using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ioctl(2), PAGEMAP_SCAN: the regions are written into a buffer; gives how many.</summary>
    internal static unsafe nint ioctl(int descriptor, ref PageScan scan, Span<PageRegion> regions)
    {
        // SAFETY: both are pinned during the call, and the struct says how many regions fit.
        fixed (PageScan* address = &scan)
        fixed (PageRegion* first = regions)
        {
            scan.Size = (ulong)sizeof(PageScan);
            scan.Regions = (ulong)first;
            scan.RegionCount = (ulong)regions.Length;
            return ioctl(descriptor, IoctlRequest.PAGEMAP_SCAN, (nint)address);
        }
    }
}
