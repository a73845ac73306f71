using Tare.Launch;
using Tare.Launch.Probe;
using Tare.Linux;

try
{
    switch (args)
    {
        case ["wait-at-gate", string kind]:
            Waiting.AtGate(spawns: kind == "spawned");
            break;
        case ["leave", string kind]:
            Leaving.Leave(spawns: kind == "spawned");
            break;
        case ["leave-undumpable"]:
            Leaving.LeaveUndumpable();
            break;
        case ["kill-before", string step]:
            Dying.AskForParents(int.Parse(step, System.Globalization.CultureInfo.InvariantCulture));
            break;
        case ["kill-before-gate"]:
            Dying.BeforeGate();
            break;
        case ["kill-from-pid-namespace"]:
            Dying.InPidNamespace();
            break;
        case ["network-namespace"]:
            Refused.NetworkNamespace();
            break;
        case ["fail" or "fail-spawned" or "succeed"]:
            Outcomes.Launch(args[0]);
            break;
        default:
            Console.Error.WriteLine($"what is '{string.Join(' ', args)}'?");
            return 2;
    }

    return 0;
}
catch (Exception e) when (e is LaunchException or KernelException)
{
    Console.WriteLine(e.Message);
    return 1;
}
