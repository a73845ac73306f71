using System.Text.Json.Serialization;

namespace Tare.Processes.Probe;

/// <summary>What the tests ask over a channel.</summary>
public sealed record Question(string What, int Number = 0);

/// <summary>What is answered.</summary>
public sealed record Answer(string Text, long Sum = 0);

/// <summary>Both as JSON.</summary>
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Answer))]
public sealed partial class Messages : JsonSerializerContext;
