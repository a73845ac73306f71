using CsCheck;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ExitStatusTests
{
    [Fact]
    public void A_wait_status_says_how_it_ended() =>
        Gen.Select(Gen.Int[0, 255], Gen.Int[1, 64], Gen.Bool)
            .Sample(
                (code, signal, core) =>
                {
                    ExitStatus exited = ExitStatus.FromWaitStatus(code << 8);
                    ExitStatus killed = ExitStatus.FromWaitStatus(signal | (core ? 0x80 : 0));
                    return exited == ExitStatus.Exited(code)
                        && exited.ToShellStatus() == code
                        && exited.Success == (code == 0)
                        && killed == ExitStatus.Killed((Signal)signal, core)
                        && killed.ToShellStatus() == 128 + signal
                        && !killed.Success;
                }
            );

    [Fact]
    public void It_is_told_in_words()
    {
        Assert.Equal("exit code 3", ExitStatus.Exited(3).ToString());
        Assert.Equal("SIGKILL", ExitStatus.Killed(Signal.SIGKILL).ToString());
        Assert.Equal("SIGSEGV, core dumped", ExitStatus.Killed(Signal.SIGSEGV, coreDumped: true).ToString());
    }
}
