namespace CodeJudge;

/// <summary>What becomes of a submission.</summary>
internal enum Verdict
{
    /// <summary>Accepted: it wrote what it should.</summary>
    AC,

    /// <summary>It wrote something else.</summary>
    WA,

    /// <summary>It took more time than it may.</summary>
    TLE,

    /// <summary>It took more memory than it may.</summary>
    MLE,

    /// <summary>It wrote more than it may.</summary>
    OLE,

    /// <summary>It failed, was ended by a signal, or wanted more processes than it may have.</summary>
    RE,

    /// <summary>It does not compile.</summary>
    CE,
}
