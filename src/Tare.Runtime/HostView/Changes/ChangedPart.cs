namespace Tare.Runtime.HostView.Changes;

/// <summary>A part of a view that could be written.</summary>
/// <param name="Path">Where the program saw it.</param>
/// <param name="Source">The directory of the machine that was shown there: absolute, without symbolic links.</param>
/// <param name="Layer">The name of its directory among the view's layers.</param>
public sealed record ChangedPart(string Path, string Source, string Layer);
