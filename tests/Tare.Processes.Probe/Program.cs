using Tare.Processes.Probe;

return args switch
{
    ["channel"] => await Answering.RunAsync(),
    _ => 2,
};
