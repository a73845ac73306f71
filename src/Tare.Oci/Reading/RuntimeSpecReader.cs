namespace Tare.Oci;

/// <summary>
/// Reads config.json. The shape is checked (types, ranges, what the specification requires, closed sets of names), never
/// the machine. This is the one place that decides which property of OCI 1.3 is carried and which is declined; the rules
/// for the text itself are those of <see cref="JsonCursor"/>.
/// </summary>
public static class RuntimeSpecReader
{
    /// <summary>Reads a whole document.</summary>
    /// <param name="utf8">The text; <see cref="DocumentSize.Check"/> its length before reading it from a file.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <exception cref="OciFormatException">It is no config.json that Tare can read.</exception>
    public static RuntimeSpec Read(ReadOnlySpan<byte> utf8, string document = "config.json")
    {
        JsonCursor json = new(utf8, document);
        string? version = null;
        try
        {
            return ReadSpec(ref json, ref version);
        }
        catch (OciFormatException) when (version is null)
        {
            // A document of another major version may have any shape: that is the error worth reading.
            CheckVersion(utf8, document);
            throw;
        }
    }

    private static RuntimeSpec ReadSpec(ref JsonCursor json, ref string? version)
    {
        ProcessSpec? process = null;
        RootSpec? root = null;
        string? hostname = null;
        string? domainname = null;
        IReadOnlyList<MountSpec> mounts = [];
        IReadOnlyDictionary<string, string> annotations = NoText.Map;
        LinuxSpec? linux = null;
        HooksSpec? hooks = null;

        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("ociVersion"u8))
            {
                version = ReadVersion(ref json);
            }
            else if (json.Is("process"u8))
            {
                process = ProcessReader.Read(ref json);
            }
            else if (json.Is("root"u8))
            {
                root = ReadRoot(ref json);
            }
            else if (json.Is("hostname"u8))
            {
                hostname = json.ReadString();
            }
            else if (json.Is("domainname"u8))
            {
                domainname = json.ReadString();
            }
            else if (json.Is("mounts"u8))
            {
                mounts = json.ReadList(ReadMount);
            }
            else if (json.Is("annotations"u8))
            {
                annotations = json.ReadTextMap();
            }
            else if (json.Is("linux"u8))
            {
                linux = LinuxReader.Read(ref json);
            }
            else if (json.Is("hooks"u8))
            {
                hooks = HooksReader.Read(ref json);
            }
            else if (
                json.Is("vm"u8)
                || json.Is("windows"u8)
                || json.Is("solaris"u8)
                || json.Is("freebsd"u8)
                || json.Is("zos"u8)
            )
            {
                json.Decline();
            }
            else
            {
                json.Ignore();
            }
        }

        json.End();
        version = version ?? throw json.Missing("ociVersion", "write \"ociVersion\": \"1.0.2\" or newer");
        return new RuntimeSpec
        {
            OciVersion = version,
            Process = process,
            Root = root,
            Hostname = NotEmpty(hostname),
            Domainname = NotEmpty(domainname),
            Mounts = mounts,
            Annotations = annotations,
            Linux = linux,
            Hooks = hooks,
            Unsupported = json.Declined,
        };
    }

    private static string ReadVersion(ref JsonCursor json)
    {
        string version = json.ReadString();
        return SpecVersion.Refusal(version) is { } refusal ? throw json.Error(refusal) : version;
    }

    /// <summary>Throws if the document has a version and that cannot be read, whatever else is wrong with it.</summary>
    private static void CheckVersion(ReadOnlySpan<byte> utf8, string document)
    {
        try
        {
            JsonCursor json = new(utf8, document);
            json.EnterObject();
            while (json.NextProperty())
            {
                if (json.Is("ociVersion"u8))
                {
                    _ = ReadVersion(ref json);
                    return;
                }

                json.Ignore();
            }
        }
        catch (OciFormatException e) when (e.Path != "ociVersion")
        {
            // Something else is wrong before the version: the caller's error says what.
        }
    }

    private static RootSpec ReadRoot(ref JsonCursor json)
    {
        string? path = null;
        bool isReadonly = false;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("path"u8))
            {
                path = json.ReadNonEmptyString();
            }
            else if (json.Is("readonly"u8))
            {
                isReadonly = json.ReadBoolean();
            }
            else
            {
                json.Ignore();
            }
        }

        return new RootSpec(path ?? throw json.Missing("path", "name the root file system's directory"), isReadonly);
    }

    internal static MountSpec ReadMount(ref JsonCursor json)
    {
        string? destination = null;
        string? type = null;
        string? source = null;
        IReadOnlyList<string> options = [];
        IReadOnlyList<IdMapping> uids = [];
        IReadOnlyList<IdMapping> gids = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("destination"u8))
            {
                destination = json.ReadNonEmptyString();
            }
            else if (json.Is("type"u8))
            {
                type = json.ReadString();
            }
            else if (json.Is("source"u8))
            {
                source = json.ReadString();
            }
            else if (json.Is("options"u8))
            {
                options = json.ReadStrings();
            }
            else if (json.Is("uidMappings"u8))
            {
                uids = json.ReadList(LinuxReader.ReadIdMapping);
            }
            else if (json.Is("gidMappings"u8))
            {
                gids = json.ReadList(LinuxReader.ReadIdMapping);
            }
            else
            {
                json.Ignore();
            }
        }

        return new MountSpec
        {
            Destination = destination ?? throw json.Missing("destination", "name a path in the container"),
            Type = NotEmpty(type),
            Source = NotEmpty(source),
            Options = options,
            UidMappings = uids,
            GidMappings = gids,
        };
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
