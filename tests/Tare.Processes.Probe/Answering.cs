using Tare.Linux;

namespace Tare.Processes.Probe;

/// <summary>The child's side of a channel.</summary>
internal static class Answering
{
    public static async Task<int> RunAsync()
    {
        using ProcessChannelServer<Question, Answer> server = ProcessChannel.FromInherited(
            Messages.Default.Question,
            Messages.Default.Answer
        );
        await server.ServeExchangesAsync((question, _) => new(Answer(question.Value!, question.Descriptors)));
        return 5;
    }

    private static ChannelReply<Answer> Answer(Question question, IReadOnlyList<FileFd> descriptors) =>
        question.What switch
        {
            "double" => new(new("", 2L * question.Number)),
            "return" => new(new(""), DescriptorTable.Duplicate(descriptors[0]).OrThrow("duplicate")),
            "variable" => new(new(Environment.GetEnvironmentVariable(ProcessChannel.Variable) ?? "none")),
            _ => throw new InvalidDataException("thrown in the child"),
        };
}
