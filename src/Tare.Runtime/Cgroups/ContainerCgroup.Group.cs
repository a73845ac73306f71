using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.State;

namespace Tare.Runtime.Cgroups;

public sealed partial class ContainerCgroup
{
    /// <summary>A container's group in one hierarchy.</summary>
    internal sealed record Group(CgroupMount Mount, CgroupPlace Place)
    {
        public bool IsUnified => Place.Controller.Length == 0;

        public bool IsLegacyController => !IsUnified && !Place.Controller.Contains('=', StringComparison.Ordinal);

        public string FullPath => $"{Place.MountPoint}/{Place.Path}";

        public bool Has(string controller)
        {
            if (IsUnified)
            {
                return CgroupControllers.Has(Mount, Place.Path, controller);
            }

            foreach (Range range in Place.Controller.AsSpan().Split(','))
            {
                if (Place.Controller.AsSpan()[range].SequenceEqual(controller))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>The group's files, and what can be done with its processes.</summary>
        public CgroupNode Node => new(Mount, Place.Path, IsUnified);

        /// <summary>The group has a file of that name.</summary>
        public bool HasFile(string file) => Node.HasFile(file);

        /// <summary>A file's content; null if it is not there or cannot be read.</summary>
        public string? Read(string file) => Node.Read(file);

        public SysResult Write(string file, string value) => Node.Write(file, value);

        /// <summary>Opens a file.</summary>
        /// <exception cref="KernelException">It cannot be opened.</exception>
        public FileFd OpenFile(string file, OpenFlags flags) => Node.OpenFile(file, flags);

        public SysResult<FileFd> TryOpenFile(string file, OpenFlags flags) => Node.TryOpenFile(file, flags);
    }
}
