using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime;
using Tare.Runtime.Containers;

namespace Tare.OciCli.Verbs;

/// <summary><c>spec</c>: a config.json to begin with.</summary>
internal static class SpecCommand
{
    private const FileModes Mode = (FileModes)0x1b6; // rw-rw-rw-, without what the umask takes

    public static int Run(Arguments arguments)
    {
        bool unified = CgroupLayout.Read() is { Ok: true, Value.Mode: CgroupMode.Unified };
        RuntimeSpec spec = arguments.Has("rootless")
            ? DefaultSpec.CreateRootless(unified, Credentials.GetEffectiveUid(), Credentials.GetEffectiveGid())
            : DefaultSpec.Create(unified);
        string path = $"{arguments.Text("bundle") ?? "."}/{ConfigurationFile.Name}";
        SysResult<FileFd> opened = Files.OpenAt(
            null,
            path,
            OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL,
            Mode
        );
        if (opened.Errno == Errno.EEXIST)
        {
            throw new ContainerException($"file {path} exists. Remove it first: EEXIST");
        }

        using FileFd file = opened.OrThrow("create", path);
        Files.WriteAll(file, RuntimeSpecWriter.Write(spec)).OrThrow("write", path);
        return 0;
    }
}
