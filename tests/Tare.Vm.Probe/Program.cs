using Tare.Vm.Probe;

return args switch
{
    ["memory"] => await Counting.MemoryAsync(),
    ["processes"] => await Counting.ProcessesAsync(),
    ["pressure"] => await Counting.PressureAsync(),
    ["controllers"] => await Limiting.ControllersAsync(),
    ["tree"] => await Limiting.TreeAsync(),
    ["devices"] => await Limiting.DevicesAsync(),
    ["disk", string device] => await Limiting.DiskAsync(device),
    ["quota", string directory, string user] => Storing.Quota(directory, uint.Parse(user)),
    ["project", string directory] => await Storing.ProjectAsync(directory),
    ["seal", string file] => Storing.Seal(file),
    ["sandbox", string level] => await Sandboxing.RunAsync(level),
    ["limits", string level] => await Sandboxing.LimitsAsync(level),
    ["pool", string level] => await Sandboxing.PoolAsync(level),
    ["machine"] => Talking.ToItself(),
    ["audit"] => Talking.Audit(),
    ["dump"] => await Talking.DumpAsync(),
    ["written"] => Remembering.Written(),
    ["minor"] => Remembering.Minor(),
    ["label", string profile] => await Rights.LabelAsync(profile),
    ["raise"] => await Rights.RaiseAsync(),
    ["refuse"] => await Rights.RefuseAsync(),
    ["formats"] => await Formats.MachineAsync(),
    ["own-format"] => await Formats.OwnAsync(),
    _ => 2,
};
