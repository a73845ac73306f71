using Tare.Launch;
using Tare.Linux;
using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.OciCli.Verbs;
using Tare.Runtime;
using Tare.Runtime.CopyUp;
using Tare.Runtime.Validation;

namespace Tare.OciCli;

/// <summary>The program <c>tare-oci</c>: understands its command line, does what it says, reports on one line.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        int status = args is [CopyUpProgram.Word, ..] ? CopyUp(args) : Run(args);

        // Nothing is left to be unwound: everything that must not outlive the program was released by its owner.
        Output.EndProcess(status);
        return status;
    }

    // Executed by this program itself; no command, so nobody is told of it.
    private static int CopyUp(string[] args)
    {
        if (CopyUpProgram.Run(args.AsSpan(1)) is not { } problem)
        {
            return 0;
        }

        Output.WriteError($"{problem}\n");
        return 1;
    }

    private static int Run(string[] args)
    {
        Log log = Log.ToStandardError;
        string? name = null;
        try
        {
            InheritedDescriptors.FillStandardStreams();
            if (OwnArguments.FindAltered(args) is var altered and > 0)
            {
                throw new UsageException(
                    $"argument {altered} is not UTF-8 (rename the file, or pass the bytes in a file)"
                );
            }

            Arguments global = Parser.Parse(CommandTable.Program(), args, out int next);
            if (global.Has("version"))
            {
                Output.Write(Texts.Version);
                return 0;
            }

            if (global.Has("help") || next == args.Length || args[next] is "help" or "h")
            {
                Output.Write(HelpPage.OfProgram());
                return 0;
            }

            name = args[next];
            log = Log.From(global);
            Settings settings = Settings.From(global);
            Command command = CommandTable.Find(name) ?? throw new UsageException(Texts.UnknownCommand(name));
            Arguments arguments = Parser.Parse(command, args.AsSpan(next + 1), out _);
            if (arguments.Has("help"))
            {
                Output.Write(HelpPage.Of(command));
                return 0;
            }

            Parser.CheckWords(arguments);
            log.Debug(() => $"{Texts.Number}: {string.Join(' ', args)}");
            int status = Dispatch(command.Name, arguments, settings, log);
            log.Debug(() => $"{command.Name}: done, exit status {status}");
            return status;
        }
        catch (Exception e) when (IsExpected(e))
        {
            log.Error(e.Message);
            return Texts.StatusOf(name, e);
        }
    }

    private static int Dispatch(string name, Arguments arguments, Settings settings, Log log) =>
        name switch
        {
            "create" => CreateCommand.Run(arguments, settings, log),
            "run" => RunCommand.Run(arguments, settings, log),
            "exec" => ExecCommand.Run(arguments, settings, log),
            "start" => ContainerCommands.Start(arguments, settings),
            "state" => ContainerCommands.State(arguments, settings),
            "kill" => ContainerCommands.Kill(arguments, settings),
            "delete" => ContainerCommands.Delete(arguments, settings, log),
            "pause" => ContainerCommands.Pause(arguments, settings),
            "resume" => ContainerCommands.Resume(arguments, settings),
            "mounts" => MountsCommand.Run(arguments, settings),
            "update" => UpdateCommand.Run(arguments, settings),
            "checkpoint" => CheckpointCommand.Run(arguments, settings, log),
            "restore" => RestoreCommand.Run(arguments, settings, log),
            "list" => ListCommand.Run(arguments, settings, log),
            "ps" => PsCommand.Run(arguments, settings),
            "spec" => SpecCommand.Run(arguments),
            "features" => FeaturesCommand.Run(),
            "info" => InfoCommand.Run(arguments),
            "completion" => CompletionCommand.Run(arguments),
            "events" => EventsCommand.Run(arguments, settings, log),
            _ => throw new UsageException(Texts.UnknownCommand(name)),
        };

    /// <summary>What a person can do something about; anything else is a defect and shows where it happened.</summary>
    private static bool IsExpected(Exception e) =>
        e
            is UsageException
                or ContainerException
                or KernelException
                or OciFormatException
                or SpecException
                or LaunchException
                or NotSupportedException;
}
