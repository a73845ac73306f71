namespace Tare.Oci;

/// <summary>How much was waited for something. Linux, Documentation/accounting/psi.rst.</summary>
/// <param name="Some">Some task waited.</param>
/// <param name="Full">All tasks waited that could have done something.</param>
public sealed record PressureStatistics(PressureShare Some, PressureShare Full);
