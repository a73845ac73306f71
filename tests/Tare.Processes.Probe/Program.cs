using Tare.Processes.Probe;

return args switch
{
    ["channel"] => await Answering.RunAsync(),
    ["count", string rounds] => Sharing.Count(int.Parse(rounds)),
    ["hold"] => Sharing.Hold(),
    ["ignored"] => await Ignoring.RunAsync(),
    ["semaphore", string rounds] => Sharing.Answer(int.Parse(rounds)),
    ["sandbox", string level, string way, string writable, .. string[] command] => await Sandboxing.RunAsync(
        level,
        way,
        writable,
        command
    ),
    _ => 2,
};
