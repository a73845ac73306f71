#!/usr/bin/env python3
"""Writes src/Tare.Linux/Abi/Syscall.cs and SyscallTable.cs from the kernel's own headers.

Needs linux-libc-dev (x64) and linux-libc-dev-arm64-cross. Calls newer than those headers are listed here:
they have the same number on every architecture (Documentation/process/adding-syscalls, asm-generic/unistd.h).
"""
import re
import subprocess
import sys
from pathlib import Path

NEWER = {
    "cachestat": 451, "fchmodat2": 452, "map_shadow_stack": 453, "futex_wake": 454, "futex_wait": 455,
    "futex_requeue": 456, "statmount": 457, "listmount": 458, "lsm_get_self_attr": 459, "lsm_set_self_attr": 460,
    "lsm_list_modules": 461, "mseal": 462, "setxattrat": 463, "getxattrat": 464, "listxattrat": 465,
    "removexattrat": 466, "open_tree_attr": 467, "file_getattr": 468, "file_setattr": 469, "listns": 470,
    "rseq_slice_yield": 471,
}

# What x86_64 alone has, x32 with it.
NEWER_X64 = {"uretprobe": 335, "uprobe": 336}


def numbers(compiler: str) -> dict[str, int]:
    text = subprocess.run(
        [compiler, "-E", "-dM", "-include", "asm/unistd.h", "-x", "c", "/dev/null"],
        check=True, capture_output=True, text=True,
    ).stdout
    macros = dict(re.findall(r"#define (__NR\w+) (\S+)", text))

    def value(name: str) -> int | None:
        seen = name
        while seen in macros:
            seen = macros[seen]
        return int(seen) if seen.isdigit() else None

    table = {m.removeprefix("__NR_"): value(m) for m in macros if m.startswith("__NR_")}
    table = {n: v for n, v in table.items() if v is not None and n not in ("syscalls", "arch_specific_syscall")}
    return {**NEWER, **table}


def main() -> None:
    x64, arm64 = {**NEWER_X64, **numbers("x86_64-linux-gnu-gcc")}, numbers("aarch64-linux-gnu-gcc")
    names = sorted(set(x64) | set(arm64))
    target = Path(__file__).resolve().parents[2] / "src/Tare.Linux/Abi"
    header = "// Written by eng/generate/syscalls.py; do not edit.\n\nnamespace Tare.Linux.Abi;\n\n"
    body = "".join(f"    {n},\n" for n in names)
    (target / "Syscall.cs").write_text(
        header
        + "/// <summary>\n/// The system calls of Linux by name. The value is an index into <see cref=\"SyscallTable\"/>, not a number that\n"
        "/// any kernel knows: a plan that names calls is the same on every architecture.\n/// </summary>\n"
        "#pragma warning disable CS1591 // a call's documentation is its man page, section 2\npublic enum Syscall : ushort\n{\n" + body + "}\n"
    )

    def rows(table: dict[str, int]) -> str:
        cells = [str(table.get(n, -1)) for n in names]
        lines = [", ".join(cells[i:i + 16]) for i in range(0, len(cells), 16)]
        return ",\n".join("            " + line for line in lines)

    (target / "SyscallTable.cs").write_text(
        header
        + "/// <summary>The numbers of the system calls on each architecture; -1 where an architecture lacks the call.</summary>\n"
        "public static class SyscallTable\n{\n"
        f"    private static ReadOnlySpan<short> X64 =>\n        [\n{rows(x64)},\n        ];\n\n"
        f"    private static ReadOnlySpan<short> Arm64 =>\n        [\n{rows(arm64)},\n        ];\n\n"
        "    /// <summary>The number of a call on an architecture, or -1 where it has none.</summary>\n"
        "    public static int Number(Syscall call, CpuArchitecture architecture) =>\n"
        "        architecture == CpuArchitecture.X64 ? X64[(int)call] : Arm64[(int)call];\n}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
