using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What the libraries do with features that few machines have, told by their probe.</summary>
public abstract class LibraryFeatureClaims(Guest guest)
{
    private const string Disk = """
        [ -e /lib/disk.gz ] || { echo none; exit 0; }
        gunzip -c /lib/disk.gz >/run/disk
        mkdir -p /disk
        mount -t ext4 -o loop,usrquota,prjquota /run/disk /disk
        undo() { umount /disk; rm /run/disk; }
        """;

    [Fact]
    public void A_directory_that_a_sandbox_is_lent_holds_no_more_than_its_project_may()
    {
        string[] lines = OnDisk("probe project /disk/lent");

        Assert.Equal(
            ["empty=200704,1,3", "output=Disk quota exceeded", "error=True", "use=True,3", "leave=ENOTTY"],
            lines
        );
    }

    [Fact]
    public void A_user_gets_no_more_of_a_file_system_than_the_quota() =>
        Assert.Equal(
            ["bytes=EDQUOT", "files=EDQUOT", "use=True,100352,2,2"],
            OnDisk("mkdir -m 1777 /disk/shared; probe quota /disk/shared 1000")
        );

    [Fact]
    public void Memory_is_taken_back_from_a_group_that_has_it_for_files() =>
        Assert.Equal(
            ["reclaimed=True,True", "more=False"],
            OnDisk(
                """
                dd if=/dev/zero of=/disk/much bs=64k count=64 2>/dev/null
                sync
                echo 1 >/proc/sys/vm/drop_caches
                probe reclaim /disk/much
                """
            )
        );

    [Fact]
    public void A_sealed_file_has_the_digest_of_its_content_and_never_changes()
    {
        string[] lines = OnDisk("probe seal /disk/file");

        Assert.Equal(
            [
                "before=ENODATA",
                $"digest=FS_VERITY_HASH_ALG_SHA256,{VerityDigest.Of("content"u8)}",
                "write=EPERM",
                "again=EEXIST",
                "content=content",
            ],
            lines
        );
    }

    [Fact]
    public void A_machine_talks_to_itself_by_the_sockets_of_virtual_machines()
    {
        string[] lines = guest.Run("probe machine").ShouldSucceed().Lines;

        Assert.Equal(
            ["SOCK_STREAM=EADDRINUSE,10,helloagain", "SOCK_SEQPACKET=EADDRINUSE,5+5,helloagain", "nobody=ECONNRESET"],
            lines[..3]
        );
        Assert.Contains(lines[3], (string[])["datagrams=EOPNOTSUPP", "datagrams=ENODEV", "datagrams=ESOCKTNOSUPPORT"]);
    }

    [Fact]
    public void The_audit_is_switched_on_and_its_records_are_read() =>
        Assert.Equal(
            ["enabled=1", "own=1121,True", "kernel=1701,True", "after=True"],
            guest.Run("probe audit").ShouldSucceed().Lines
        );

    [Fact]
    public void Landlock_says_who_reaches_sockets_and_ports_of_UDP_or_that_it_cannot()
    {
        string[] lines = guest.Run("probe rules && rm -r /tmp/sockets").ShouldSucceed().Lines;

        int abi = int.Parse(lines[0]["abi=".Length..]);
        Assert.Equal(
            [
                $"abi={abi}",
                .. abi >= 9
                    ? (string[])["stream=reached", "stream=EACCES"]
                    : ["EOPNOTSUPP=LANDLOCK_ACCESS_FS_RESOLVE_UNIX"],
                .. abi >= 10
                    ? (string[])["udp=reached", "udp=EACCES", "bind=EACCES", "list=EACCES"]
                    :
                    [
                        "EOPNOTSUPP=LANDLOCK_ACCESS_NET_BIND_UDP LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP",
                        "EOPNOTSUPP=LANDLOCK_ADD_RULE_QUIET",
                    ],
                abi >= 8 ? "own=reached,EACCES,True" : "own=EOPNOTSUPP,reached,False",
            ],
            lines
        );
    }

    [Fact]
    public void A_core_dump_is_read_from_a_socket_and_the_kernel_says_whose_it_is()
    {
        Assert.SkipUnless(IsAtLeast(6, 16), "needs Linux 6.16");

        string[] lines = guest.Run("probe dump").ShouldSucceed().Lines;

        Assert.Equal(
            [
                "pattern=Socket,/run/dumps",
                "whose=True",
                "state=PIDFD_COREDUMPED, PIDFD_COREDUMP_USER",
                "head=7F454C46,4",
                "end=SIGSEGV,True",
                $"signal={(IsAtLeast(6, 19) ? "SIGSEGV" : "None")}",
                $"code={(IsAtLeast(7, 2) ? "SI_USER" : "none")}",
            ],
            lines
        );
    }

    [Fact]
    public void Who_takes_core_dumps_says_first_what_is_wanted()
    {
        Assert.SkipUnless(IsAtLeast(6, 17), "needs Linux 6.17");

        Assert.Equal(
            [
                "True,COREDUMP_MARK_REQACK,True,SIGSEGV,True",
                "True,COREDUMP_MARK_REQACK,False,SIGSEGV,False",
                "True,COREDUMP_MARK_CONFLICTING,False,SIGSEGV,False",
            ],
            guest.Run("probe negotiate").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Pages_that_were_written_since_the_last_look_are_told() =>
        Assert.Equal(
            guest.Hardware == Hardware.X64
                ? ["new=1111", "forgotten=0000", "written=0101"]
                : ["new=0000", "forget=EOPNOTSUPP"],
            guest.Run("probe written").ShouldSucceed().Lines
        );

    [Fact]
    public void A_page_that_is_there_is_shown_when_its_watcher_says_so() =>
        Assert.Equal(
            ["fault=UFFD_PAGEFAULT_FLAG_MINOR,True", "read=behind", "again=EEXIST"],
            guest.Run("probe minor").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_is_started_under_a_profile_of_AppArmors()
    {
        Require.Program("apparmor_parser");

        ToolResult told = guest.Run(
            """
            dd if=/lib/profiles of=/sys/kernel/security/apparmor/.load bs=1M 2>/dev/null
            echo secret >/forbidden
            probe label apparmor tare-test
            probe label apparmor tare-absent
            rm /forbidden
            """
        );

        string[] lines = told.ShouldSucceed().Lines;
        string own = IsAtLeast(6, 8) ? "own=unconfined" : "own=ENOSYS";
        Assert.Equal(
            [
                "test=True,False,None",
                "runs=tare-test (enforce),cat: can't open '/forbidden': Permission denied",
                "runs=tare-test (enforce),cat: can't open '/forbidden': Permission denied",
                own,
                "test=True,False,ENOENT",
                "fails=SecurityContext,ENOENT",
                "fails=SecurityContext,ENOENT",
                own,
            ],
            lines
        );
    }

    [Fact]
    public void Root_raises_hard_limits_and_priorities_and_others_do_not()
    {
        ToolResult told = guest.Run("probe raise; su user -c 'probe refuse'");

        Assert.Equal(
            [
                "limit=True",
                "score=-500",
                "nice=-5",
                "later=True",
                "Limits=EPERM",
                "OomScoreAdjust=EACCES",
                "Nice=EACCES",
            ],
            told.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Who_may_look_into_a_process_is_said_by_it_where_Yama_forbids_it()
    {
        ToolResult told = guest.Run(
            """
            scope=/proc/sys/kernel/yama/ptrace_scope
            before=$(cat $scope); echo 1 >$scope
            su user -c 'probe trace'
            echo "$before" >$scope
            """
        );

        Assert.Equal(["before=EPERM", "after=EFAULT"], told.ShouldSucceed().Lines);
    }

    [Fact]
    public void Memory_that_is_executed_is_not_written_to_any_more_and_a_program_ends_as_it_says() =>
        Assert.Equal(
            IsAtLeast(6, 3) ? ["set=None,True", "mapped=EACCES"] : ["set=EINVAL,False", "mapped=None"],
            guest.Run("probe give-up").ShouldExitWith(7).Lines
        );

    [Fact]
    public void Programs_of_a_format_are_executed_by_its_interpreter_in_their_user_namespace()
    {
        string[] lines = guest.Run("probe formats; rm /tmp/a.tare /tmp/a.own /tmp/b").ShouldSucceed().Lines;

        Assert.Equal(
            [
                "before=ENOEXEC,ENOEXEC",
                "again=EEXIST",
                "list=tare-known,tare-named",
                "same=True,True",
                "named=/tmp/a.tare argument",
                "known=/tmp/b zero argument",
                $"inside={(IsAtLeast(6, 7) ? "0 /tmp/a.own argument ENOEXEC" : "EPERM")} ENOEXEC",
                "disabled=ENOEXEC,False",
                "removed=ENOEXEC,ENOENT",
            ],
            lines
        );
    }

    private string[] OnDisk(string command)
    {
        string[] lines = guest.Run($"{Disk}\n{command}\nstatus=$?\nundo\nexit $status").ShouldSucceed().Lines;
        Assert.SkipWhen(lines is ["none"], "needs mkfs.ext4 (e2fsprogs)");
        return lines;
    }

    private bool IsAtLeast(int major, int minor)
    {
        string[] parts = guest.Run("uname -r").ShouldSucceed().Output.Split('.', '-', '+');
        return new Version(int.Parse(parts[0]), int.Parse(parts[1])) >= new Version(major, minor);
    }
}
