using System.Text;
using Tare.Fuzz.Fuzzing;
using Tare.Runtime;
using Tare.Runtime.State;

namespace Tare.Fuzz.Targets;

/// <summary>
/// The record of a container, our state.json, is read or refused by one line. What was read is written so that it is read
/// as the same, and its name and its cgroups lead nowhere but where names and cgroups may.
/// </summary>
internal static class RecordTarget
{
    public static void Try(byte[] utf8)
    {
        try
        {
            ContainerRecord record = Promise.Within(
                (utf8.Length * 256L) + (64 << 10),
                () => ContainerRecordReader.Read(utf8)
            );
            byte[] written = ContainerRecordWriter.Write(record);
            byte[] again = ContainerRecordWriter.Write(ContainerRecordReader.Read(written));
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again));

            Assert.Equal("/state/" + record.Id, Path.GetFullPath(Path.Combine("/state", record.Id.Text)));
            Assert.True(record.ProcessId >= 0);
            foreach (CgroupPlace place in record.Cgroups)
            {
                Assert.StartsWith("/", place.MountPoint);
                string[] parts = place.Path.Split('/');
                Assert.DoesNotContain("..", parts);
                Assert.InRange(place.Made, 0, parts.Length);
            }
        }
        catch (ContainerException refusal)
        {
            Promise.IsOneLine(refusal.Message);
        }
    }
}
