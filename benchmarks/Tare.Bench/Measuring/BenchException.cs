namespace Tare.Bench.Measuring;

/// <summary>Nothing can be said about speed, because something did not work.</summary>
internal sealed class BenchException(string message) : Exception(message);
