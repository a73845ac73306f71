using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ioctl(2), PROCMAP_QUERY: the name and the build id are written into buffers.</summary>
    internal static unsafe nint ioctl(int descriptor, ref MappingQuery query, Span<byte> name, Span<byte> buildId)
    {
        // SAFETY: all are pinned during the call, and the struct says how long the buffers are.
        fixed (MappingQuery* address = &query)
        fixed (byte* nameAddress = name)
        fixed (byte* buildIdAddress = buildId)
        {
            query.Size = (ulong)sizeof(MappingQuery);
            query.NameSize = (uint)name.Length;
            query.NameAddress = (ulong)nameAddress;
            query.BuildIdSize = (uint)buildId.Length;
            query.BuildIdAddress = (ulong)buildIdAddress;
            return ioctl(descriptor, IoctlRequest.PROCMAP_QUERY, (nint)address);
        }
    }
}
