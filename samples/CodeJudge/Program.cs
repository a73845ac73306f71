using CodeJudge;

// CodeJudge FOLDER: judges all submissions in a folder, NAME.VERDICT.EXTENSION each, for every problem, and says of which the
// verdict is not the one in its name.
if (args is not [string folder])
{
    await Console.Error.WriteLineAsync("usage: CodeJudge FOLDER");
    return 2;
}

Submission[] submissions = [.. Submission.ReadAll(folder)];
Judgement[] judgements = new Judgement[submissions.Length];
await Parallel.ForAsync(
    0,
    submissions.Length,
    new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount },
    async (i, cancellation) => judgements[i] = await Judge.RunAsync(submissions[i], cancellation)
);

int others = 0;
for (int i = 0; i < submissions.Length; i++)
{
    (Submission submission, Judgement judgement) = (submissions[i], judgements[i]);
    bool isExpected = submission.Name.Contains($".{judgement.Verdict}.", StringComparison.Ordinal);
    others += isExpected ? 0 : 1;
    Console.WriteLine(
        $"{(isExpected ? " " : "!")} {judgement.Verdict, -3} {submission.Name, -18} {submission.Problem.Name, -10} "
            + $"{judgement.CpuTime.TotalMilliseconds, 6:0} ms {judgement.Memory / 1024, 7} KiB  {judgement.Reason}"
    );
}

Console.WriteLine($"{submissions.Length} submissions, {others} not as expected");
return others == 0 ? 0 : 1;
