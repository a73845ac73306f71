using Tare.Conformance.Suite;

namespace Tare.Conformance.Running;

/// <summary>Makes checks of runtimes.</summary>
public static class Runner
{
    /// <summary>Makes one check of one runtime. It never throws: what a check throws is its outcome.</summary>
    public static Outcome Run(OciRuntime runtime, Check check)
    {
        try
        {
            using Site site = new(runtime);
            check.Body(site);
            return new Outcome(Verdict.Passed, "");
        }
        catch (SkippedException skipped)
        {
            return new Outcome(Verdict.Skipped, skipped.Message);
        }
        catch (Exception failure)
        {
            return new Outcome(Verdict.Failed, failure.Message.TrimEnd());
        }
    }
}
