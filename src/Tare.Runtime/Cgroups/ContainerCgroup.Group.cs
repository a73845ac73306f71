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
                return Controllers.Available(Mount, Place.Path, controller);
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

        /// <summary>The group has a file of that name.</summary>
        public bool HasFile(string file) => Mount.Exists(PathOf(file));

        /// <summary>A file's content; null if it is not there or cannot be read.</summary>
        public string? Read(string file) => Mount.Read(PathOf(file));

        public SysResult Write(string file, string value) => Mount.Write(PathOf(file), value);

        /// <summary>Opens a file.</summary>
        /// <exception cref="KernelException">It cannot be opened.</exception>
        public FileFd OpenFile(string file, OpenFlags flags) => Mount.OpenFile(PathOf(file), flags);

        public SysResult<FileFd> TryOpenFile(string file, OpenFlags flags) => Mount.TryOpenFile(PathOf(file), flags);

        private string PathOf(string file) => $"{Place.Path}/{file}";
    }
}
