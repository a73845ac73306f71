using System.Text.Json.Serialization;

namespace ToolServer;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Snippet))]
[JsonSerializable(typeof(SnippetResult))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class SnippetJson : JsonSerializerContext;
