namespace CodeJudge;

/// <summary>A verdict, and what it rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="CpuTime">Processor time of the worst case.</param>
/// <param name="Memory">Bytes at the most of the worst case; null where nobody counts.</param>
internal sealed record Judgement(Verdict Verdict, string Reason, TimeSpan CpuTime, long? Memory);
