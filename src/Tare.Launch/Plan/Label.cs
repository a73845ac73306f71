namespace Tare.Launch;

/// <summary>A place in a plan that later steps can be reached at; always ahead of the branches that lead to it.</summary>
public sealed class Label
{
    internal Label(string name) => Name = name;

    /// <summary>What begins there, for people.</summary>
    public string Name { get; }

    /// <summary>The index of the step that the label stands before; -1 until it is placed.</summary>
    public int Target { get; internal set; } = -1;
}
