using System.Collections.ObjectModel;

namespace Tare.Oci;

/// <summary>The map that absent maps are.</summary>
internal static class NoText
{
    internal static readonly IReadOnlyDictionary<string, string> Map = ReadOnlyDictionary<string, string>.Empty;
}
