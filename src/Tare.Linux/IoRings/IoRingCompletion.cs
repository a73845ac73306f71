using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What came of a request.</summary>
/// <param name="Token">The request's, as it was given.</param>
/// <param name="Result">What the call of the same name gives, or its errno.</param>
/// <param name="Child">What a child did that was waited for; its signal is 0 where there was nothing to report.</param>
public readonly record struct IoRingCompletion(ulong Token, SysResult<int> Result, SigInfo? Child = null);
