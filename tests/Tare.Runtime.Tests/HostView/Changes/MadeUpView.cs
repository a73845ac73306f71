using Tare.Fixtures;
using Tare.Runtime.HostView.Changes;

namespace Tare.Runtime.Tests.HostView.Changes;

/// <summary>A directory as the machine, and an upper layer that a test fills as the kernel would. Needs root.</summary>
internal sealed class MadeUpView : IDisposable
{
    private readonly TemporaryDirectory _folder;
    private readonly KeptViews _views;
    private readonly string _id;

    /// <summary>Makes both.</summary>
    /// <param name="machine">A script that fills the machine's directory.</param>
    /// <param name="upper">One that fills the upper layer, whose name is <c>$U</c>; the machine's is the working directory.</param>
    public MadeUpView(string machine, string upper)
    {
        Require.Root();
        Require.Program("setfattr");
        _folder = new TemporaryDirectory();
        Machine = _folder.At("machine");
        Directory.CreateDirectory(Machine);
        Sh(machine, Machine);
        _views = new KeptViews(_folder.At("state"));
        using KeptView view = _views.Create(["x"], [new ChangedPart("/seen", Machine, "0")], DateTimeOffset.UnixEpoch);
        _id = view.Id;
        Upper = view.LayersPath + "/0/upper";
        Directory.CreateDirectory(Upper);
        Tool.Run("chmod", "--reference", Machine, Upper).ShouldSucceed();
        Sh(upper, Machine);
        view.End(0);
    }

    /// <summary>The machine's directory.</summary>
    public string Machine { get; }

    /// <summary>The upper layer.</summary>
    public string Upper { get; }

    /// <summary>Runs a script in the machine's directory.</summary>
    public void Sh(string script) => Sh(script, Machine);

    /// <summary>The changes, a line each: letter, path and what differs.</summary>
    public string[] Lines()
    {
        using KeptView view = _views.Open(_id);
        IReadOnlyList<PartLayers> layers = view.OpenLayers();
        ChangeSet set = view.Compute(layers);
        layers[0].Dispose();
        ChangeSet again = ChangeSetText.Read(ChangeSetText.Write(set));
        Assert.Equal(set.Changes, again.Changes);
        return
        [
            .. set
                .Changes.Select(change =>
                    $"{change.Kind.ToString()[0]} {set.PathOf(change)}"
                    + (change.Aspects == ChangeAspects.None ? "" : $" {change.Aspects}")
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Applies; the refusals, a line each.</summary>
    public string[] Apply(bool force = false, Action? beforeStep = null)
    {
        using KeptView view = _views.Open(_id);
        IReadOnlyList<PartLayers> layers = view.OpenLayers();
        try
        {
            ChangeSet set = view.Compute(layers);
            ChangeApplier applier = new(view, set, layers) { Force = force, BeforeStep = beforeStep };
            return [.. applier.Run().Select(refusal => $"{refusal.Change.Path}: {refusal.Reason}")];
        }
        finally
        {
            layers[0].Dispose();
        }
    }

    /// <summary>All of the machine's directory, a line each.</summary>
    public string[] Tree() =>
        Tool.Run("find", Machine, "-mindepth", "1", "-printf", "%P %y %m %U:%G %n %l\\n")
            .ShouldSucceed()
            .Lines.Order(StringComparer.Ordinal)
            .ToArray();

    public void Dispose() => _folder.Dispose();

    private void Sh(string script, string directory) =>
        Tool.Run(
                "sh",
                ["-euc", script],
                new ToolOptions
                {
                    WorkingDirectory = directory,
                    Environment = new Dictionary<string, string?> { ["U"] = Upper },
                }
            )
            .ShouldSucceed();
}
