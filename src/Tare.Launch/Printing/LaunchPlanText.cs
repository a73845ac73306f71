using System.Globalization;

namespace Tare.Launch.Printing;

/// <summary>
/// A plan for people: its steps in groups, numbered from 1, each in words and below them the call as strace would print it.
/// The text depends on nothing but the plan.
/// </summary>
public static class LaunchPlanText
{
    /// <summary>The whole plan; every line ends with a line feed.</summary>
    public static string Format(LaunchPlan plan)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        Write(plan, writer);
        return writer.ToString();
    }

    /// <summary>Writes the whole plan; the writer stays the caller's.</summary>
    public static void Write(LaunchPlan plan, TextWriter writer)
    {
        int width = Math.Max(2, NumberWords.Decimal(plan.Steps.Length).Length);
        string margin = new(' ', width + 4);
        Line(writer, "process");
        Line(writer, $"{new string(' ', width + 2)}{CloneWords.Purpose(plan)}");
        foreach (string call in CloneWords.Before(plan))
        {
            Line(writer, margin + call);
        }

        string group = "";
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            Step step = plan.Steps[i];
            if (step.Group != group)
            {
                group = step.Group;
                Line(writer, "");
                Line(writer, group);
            }

            string number = NumberWords.Decimal(i + 1).PadLeft(width);
            Line(writer, $"{number}  {step.Words}");
            if (plan.RestoresMaskBefore(i))
            {
                Line(writer, margin + CloneWords.BeforeProgram);
            }

            foreach (string line in StepWords.Lines(plan, step))
            {
                Line(writer, margin + line);
            }
        }
    }

    private static void Line(TextWriter writer, string line)
    {
        writer.Write(BytesWords.OneLine(line));
        writer.Write('\n');
    }
}
