using Tare.Fixtures;

namespace Tare.Scripts.Tests;

/// <summary>
/// A work tree of its own with the real scripts and a dotnet that only pretends: it notes each call, and "publishes" a
/// shell script as the program.
/// </summary>
internal sealed class ScriptTree : IDisposable
{
    private const string PretendedDotnet = """
        #!/bin/sh
        echo "$@" >>"$CALLS"
        if [ -n "${FAIL:-}" ]; then echo "src/A.cs(1,1): error CS0000: as asked for"; exit 1; fi
        for word in "$@"; do
            case $word in -p:PublishDir=*) folder=${word#-p:PublishDir=} ;; esac
        done
        name=$(basename "$folder")
        mkdir -p "$folder"
        printf '#!/bin/sh\necho "%s:" "$@"\n' "$name" >"$folder/$name"
        chmod 755 "$folder/$name"
        """;

    private readonly TemporaryDirectory _folder = new();

    public ScriptTree()
    {
        foreach (string folder in (string[])["src", "apps", "eng", "path"])
        {
            Directory.CreateDirectory(_folder.At(folder));
        }

        foreach (string file in (string[])["tare", "eng/build-apps", "eng/install-packages"])
        {
            Tool.InstallProgram(Repository.At(file), _folder.At(file));
        }

        foreach (
            string file in (string[])
                ["eng/packages-build.txt", "global.json", "Directory.Build.props", "Directory.Packages.props"]
        )
        {
            _folder.Write(file, "");
        }

        _folder.Write("src/A.cs", "");
        Tool.InstallProgram(_folder.Write("dotnet", PretendedDotnet), _folder.At("path/dotnet"));
    }

    /// <summary>How often something was built.</summary>
    public int Builds => File.Exists(_folder.At("calls")) ? File.ReadAllLines(_folder.At("calls")).Length : 0;

    /// <summary>Calls ./tare.</summary>
    public ToolResult Tare(int? user = null, bool failing = false) => Start(user, failing).Wait();

    /// <summary>Calls ./tare and does not wait.</summary>
    public RunningTool Start(int? user = null, bool failing = false) =>
        Tool.Start(
            _folder.At("tare"),
            ["run", "a b"],
            new ToolOptions
            {
                User = user,
                Environment = new Dictionary<string, string?>
                {
                    ["PATH"] = $"{_folder.At("path")}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["CALLS"] = _folder.At("calls"),
                    ["FAIL"] = failing ? "yes" : null,
                },
            }
        );

    /// <summary>Makes a file look edited since the last build.</summary>
    public void Edit(string file) =>
        File.SetLastWriteTimeUtc(
            _folder.At(file),
            File.GetLastWriteTimeUtc(_folder.At("artifacts/bin/.stamp")).AddSeconds(1)
        );

    public void Dispose() => _folder.Dispose();
}
