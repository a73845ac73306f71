namespace Tare.Oci;

/// <summary>Reads the value at which a cursor stands.</summary>
public delegate T JsonItem<out T>(ref JsonCursor json);
