using System.Globalization;
using System.Net;
using Tare.Linux;
using Tare.Processes;
using ToolServer;

// ToolServer [PORT]: POST /run takes {"language": "python", "code": "…"} and answers with what became of it. For programs on this
// machine only: it listens on the loopback interface. Port 0, the default, is any that is free; the first line says which.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(server =>
{
    server.Limits.MaxRequestBodySize = 1 << 20;
    server.Listen(IPAddress.Loopback, args is [string port] ? int.Parse(port, CultureInfo.InvariantCulture) : 0);
});
builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.TypeInfoResolverChain.Insert(0, SnippetJson.Default)
);
builder.Services.AddSingleton<SnippetRunner>();

await using WebApplication app = builder.Build();
app.MapPost(
    "/run",
    async (Snippet snippet, SnippetRunner runner, HttpContext context) =>
    {
        if (snippet.Complaint is { } complaint)
        {
            return Results.Json(new Refusal(complaint), SnippetJson.Default.Refusal, statusCode: 400);
        }

        try
        {
            SnippetResult result = await runner.RunAsync(snippet, context.RequestAborted);
            return Results.Json(result, SnippetJson.Default.SnippetResult);
        }
        catch (Exception failure) when (failure is ProcessStartException or KernelException)
        {
            return Results.Json(new Refusal(failure.Message), SnippetJson.Default.Refusal, statusCode: 503);
        }
    }
);
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();
