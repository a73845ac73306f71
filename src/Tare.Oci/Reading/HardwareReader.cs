namespace Tare.Oci;

/// <summary>Reads <c>linux.netDevices</c> and <c>linux.intelRdt</c>. config-linux.md.</summary>
internal static class HardwareReader
{
    internal static NetDeviceSpec ReadNetDevice(ref JsonCursor json, string hostName)
    {
        string? name = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("name"u8))
            {
                name = json.ReadString();
            }
            else
            {
                json.Ignore();
            }
        }

        return new NetDeviceSpec(hostName, string.IsNullOrEmpty(name) ? null : name);
    }

    internal static IntelRdtSpec ReadIntelRdt(ref JsonCursor json)
    {
        IntelRdtSpec rdt = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("closID"u8))
            {
                rdt = rdt with { ClosId = NotEmpty(json.ReadString()) };
            }
            else if (json.Is("l3CacheSchema"u8))
            {
                rdt = rdt with { L3CacheSchema = NotEmpty(json.ReadString()) };
            }
            else if (json.Is("memBwSchema"u8))
            {
                rdt = rdt with { MemBwSchema = NotEmpty(json.ReadString()) };
            }
            else if (json.Is("schemata"u8))
            {
                rdt = rdt with { Schemata = json.ReadStrings() };
            }
            else if (json.Is("enableMonitoring"u8))
            {
                rdt = rdt with { EnableMonitoring = json.ReadBoolean() };
            }
            else
            {
                json.Ignore();
            }
        }

        return rdt;
    }

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;
}
