using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Labels;

/// <summary>
/// Whether this machine's security modules know what a container asks for: said before anything is made, since what they
/// say at the end of a launch only <c>start</c> would tell. A program is never run with less than was asked for.
/// </summary>
internal static class LabelChecks
{
    /// <summary>What AppArmor calls being under no profile.</summary>
    private const string Unconfined = "unconfined";

    /// <summary>Checks all of it.</summary>
    /// <exception cref="SpecException">The module is not there, or does not know the name.</exception>
    public static void Check(ValidatedProcess process, string? mountLabel)
    {
        if (process.AppArmorProfile is { } profile)
        {
            CheckProfile(profile);
        }

        if (process.SelinuxLabel is { } label)
        {
            CheckContext("process.selinuxLabel", label);
        }

        if (mountLabel is not null)
        {
            CheckContext("linux.mountLabel", mountLabel);
        }
    }

    private static void CheckProfile(string profile)
    {
        const string Property = "process.apparmorProfile";
        if (!SecurityModules.HasAppArmor)
        {
            throw new SpecException(
                Property,
                $"apparmor profile '{profile}' is specified in config, but apparmor is disabled or not supported "
                    + "(boot with apparmor=1 security=apparmor, or leave it out)"
            );
        }

        SysResult tested = profile == Unconfined ? default : SecurityModules.TestProfile(profile);
        if (!tested.Ok)
        {
            throw new SpecException(
                Property,
                tested.Errno == Errno.ENOENT
                    ? $"apparmor profile '{profile}' is not loaded: ENOENT (load it by apparmor_parser)"
                    : $"apparmor profile '{profile}' cannot be taken: {tested.Errno} "
                        + "(the profile that the runtime is under must allow change_profile)"
            );
        }
    }

    // Who may not ask goes on: the kernel itself says no then.
    private static void CheckContext(string property, string label)
    {
        if (!SecurityModules.HasSelinux)
        {
            throw new SpecException(
                property,
                "selinux label is specified in config, but selinux is disabled or not supported "
                    + "(boot with selinux=1 security=selinux, or leave it out)"
            );
        }

        if (SecurityModules.TestContext(label).Errno == Errno.EINVAL)
        {
            throw new SpecException(
                property,
                $"the policy of selinux knows no context '{label}': EINVAL (name another)"
            );
        }
    }
}
