using System.Text;

namespace Tare.Oci.Tests;

public class DefaultSpecTests
{
    [Fact]
    public void It_has_the_text_of_runc_but_for_the_version() =>
        Assert.Equal(Expected("runc-spec.json"), Text(DefaultSpec.Create(unifiedCgroups: false)));

    [Fact]
    public void The_rootless_one_has_the_text_of_runc_but_for_the_version() =>
        Assert.Equal(Expected("runc-spec-rootless.json"), Text(DefaultSpec.CreateRootless(false, 0, 0)));

    [Fact]
    public void On_unified_cgroups_it_has_a_cgroup_namespace()
    {
        Assert.Equal(NamespaceType.Cgroup, DefaultSpec.Create(unifiedCgroups: true).Linux!.Namespaces[^1].Type);
        Assert.Contains(
            new NamespaceSpec(NamespaceType.Cgroup),
            DefaultSpec.CreateRootless(unifiedCgroups: true, 1000, 100).Linux!.Namespaces
        );
    }

    [Fact]
    public void The_rootless_one_makes_its_user_root()
    {
        LinuxSpec linux = DefaultSpec.CreateRootless(false, 1000, 100).Linux!;

        Assert.Equal([new IdMapping(0, 1000, 1)], linux.UidMappings);
        Assert.Equal([new IdMapping(0, 100, 1)], linux.GidMappings);
    }

    private static string Text(RuntimeSpec spec) => Encoding.UTF8.GetString(RuntimeSpecWriter.Write(spec));

    private static string Expected(string name) =>
        Encoding
            .UTF8.GetString(Sample.Golden(name))
            .Replace("\"1.0.2-dev\"", $"\"{SpecVersion.Newest}\"", StringComparison.Ordinal);
}
