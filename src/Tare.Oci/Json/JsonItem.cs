namespace Tare.Oci;

/// <summary>Reads the value at which a cursor stands.</summary>
public delegate T JsonItem<out T>(ref JsonCursor json);

/// <summary>Reads an entry of a map. The cursor stands at the entry's value.</summary>
/// <param name="json">The cursor.</param>
/// <param name="name">The entry's name.</param>
public delegate T JsonEntry<T>(ref JsonCursor json, string name);
