using Tare.Vm.Probe;

return args switch
{
    ["memory"] => await Counting.MemoryAsync(),
    ["processes"] => await Counting.ProcessesAsync(),
    ["quota", string directory, string user] => Counting.Quota(directory, uint.Parse(user)),
    _ => 2,
};
