namespace Tare.Runtime.HostView.Changes;

/// <summary>A change that was not applied.</summary>
/// <param name="Change">Which.</param>
/// <param name="Reason">Why: a few words, for one line.</param>
/// <param name="IsConflict">The machine's file is not what it was: it can be forced.</param>
public sealed record ApplyRefusal(Change Change, string Reason, bool IsConflict);
