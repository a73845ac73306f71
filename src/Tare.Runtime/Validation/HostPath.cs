namespace Tare.Runtime.Validation;

/// <summary>Paths of the host in a document: those that are relative count from the bundle.</summary>
internal static class HostPath
{
    public static string From(string bundle, string path)
    {
        string full = path.StartsWith('/') ? path : $"{bundle.TrimEnd('/')}/{path}";
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }
}
