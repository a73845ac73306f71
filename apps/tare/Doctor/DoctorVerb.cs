using Tare.Cli.Reporting;

namespace Tare.Cli.Doctor;

/// <summary><c>tare doctor</c>: what can be had here, and what helps where it cannot.</summary>
internal static class DoctorVerb
{
    /// <summary>Examines and tells.</summary>
    /// <returns>0 where sandboxes work, 1 where they do not.</returns>
    public static int Run(bool json, long begin)
    {
        Diagnosis diagnosis = Examination.Make(begin);
        if (json)
        {
            Output.Write(DiagnosisJson.Format(diagnosis));
        }
        else
        {
            Output.Write(DiagnosisText.Heading(diagnosis));
            foreach (IGrouping<string, Finding> group in diagnosis.Findings.GroupBy(finding => finding.Group))
            {
                Output.Write($"\n{group.Key}\n");
                Tables.Write(DiagnosisText.TableOf(group));
            }
        }

        return diagnosis.Works ? 0 : 1;
    }
}
