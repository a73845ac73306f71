using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>CRIU, and the modules of the kernel that it needs.</summary>
internal static class CriuFiles
{
    /// <summary>Adds them to what a machine begins with.</summary>
    /// <param name="files">The archive.</param>
    /// <param name="kernel">The kernel.</param>
    public static void Add(CpioArchive files, Kernel kernel)
    {
        foreach (string module in Directory.EnumerateFiles(kernel.Modules))
        {
            files.File($"lib/{Path.GetFileName(module)}", File.ReadAllBytes(module));
        }

        string folder = Criu.Folder();
        foreach (string part in (string[])["", "lib/", "programs/"])
        {
            if (part.Length > 0)
            {
                files.Directory($"programs/{part.TrimEnd('/')}");
            }

            foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, part)))
            {
                files.Program($"programs/{part}{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        }
    }
}
