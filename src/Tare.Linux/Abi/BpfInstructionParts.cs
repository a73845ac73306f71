namespace Tare.Linux.Abi;

/// <summary>The registers of BPF: R0 results, R1 to R5 arguments, R6 to R9 kept over calls, R10 the frame, 512 bytes below it.</summary>
#pragma warning disable CS1591 // the names are the instruction set's own: Documentation/bpf/standardization
public enum BpfRegister : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
}

/// <summary>How much is loaded or stored.</summary>
public enum BpfSize : byte
{
    Word = 0x00,
    Half = 0x08,
    Byte = 0x10,
    DoubleWord = 0x18,
}

/// <summary>What is computed.</summary>
public enum BpfOperation : byte
{
    Add = 0x00,
    Subtract = 0x10,
    Multiply = 0x20,
    Divide = 0x30,
    Or = 0x40,
    And = 0x50,
    ShiftLeft = 0x60,
    ShiftRight = 0x70,
    Modulo = 0x90,
    ExclusiveOr = 0xa0,
    ArithmeticShiftRight = 0xc0,
}

/// <summary>When a jump is taken.</summary>
public enum BpfCondition : byte
{
    Equal = 0x10,
    Greater = 0x20,
    GreaterOrEqual = 0x30,
    AnyBit = 0x40,
    NotEqual = 0x50,
    SignedGreater = 0x60,
    SignedGreaterOrEqual = 0x70,
    Less = 0xa0,
    LessOrEqual = 0xb0,
}

/// <summary>Functions of the kernel that programs call. linux/bpf.h, <c>___BPF_FUNC_MAPPER</c>; bpf-helpers(7).</summary>
public enum BpfFunction
{
    map_lookup_elem = 1,
    map_update_elem = 2,
    map_delete_elem = 3,
    ktime_get_ns = 5,
    get_smp_processor_id = 8,
    get_current_pid_tgid = 14,
    get_current_uid_gid = 15,
    get_current_comm = 16,
    get_current_cgroup_id = 80,
    sysctl_get_name = 101,
    probe_read_kernel = 113,
    probe_read_kernel_str = 115,
    get_current_ancestor_cgroup_id = 123,
    ringbuf_output = 130,
    ringbuf_reserve = 131,
    ringbuf_submit = 132,
    ringbuf_discard = 133,
}
#pragma warning restore CS1591
