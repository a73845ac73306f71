using Tare.Cli.CommandLine;

namespace Tare.Cli.Sandbox;

/// <summary>The environment of the program: the caller's where it sees the caller's files, a fresh one with other files.</summary>
internal static class SandboxEnvironment
{
    /// <summary>The variables, each once.</summary>
    public static IReadOnlyList<string> Of(RunOptions options, Caller caller, Account account, string defaultPath)
    {
        List<string> variables = [];
        if (options.Rootfs is null)
        {
            foreach (string variable in caller.Environment)
            {
                Set(variables, variable);
            }
        }
        else
        {
            Set(variables, "PATH=" + defaultPath);
            if (Caller.Variable(caller.Environment, "TERM") is { } terminal)
            {
                Set(variables, "TERM=" + terminal);
            }
        }

        if (options.User is not null || options.Rootfs is not null)
        {
            Set(variables, "HOME=" + (account.Home ?? "/"));
        }

        if (options.User is not null && account.Name is { } name)
        {
            Set(variables, "USER=" + name);
            Set(variables, "LOGNAME=" + name);
        }

        foreach (string variable in options.Environment)
        {
            Add(variables, variable, caller);
        }

        return variables;
    }

    private static void Add(List<string> variables, string variable, Caller caller)
    {
        if (variable.StartsWith('='))
        {
            throw new UsageException($"--env: '{variable}' has no name (write NAME=VALUE)");
        }

        if (variable.Contains('=', StringComparison.Ordinal))
        {
            Set(variables, variable);
        }
        else if (Caller.Variable(caller.Environment, variable) is { } value)
        {
            Set(variables, $"{variable}={value}");
        }
    }

    private static void Set(List<string> variables, string variable)
    {
        int length = variable.IndexOf('=', StringComparison.Ordinal) + 1;
        string name = variable[..length];
        int index = length == 0 ? -1 : variables.FindIndex(other => other.StartsWith(name, StringComparison.Ordinal));
        if (index < 0)
        {
            variables.Add(variable);
        }
        else
        {
            variables[index] = variable;
        }
    }
}
