#!/usr/bin/env python3
"""Writes src/Tare.Linux/Seccomp/CallTable.cs from the kernel's own headers.

Needs linux-libc-dev (x86_64, x32, i386), linux-libc-dev-arm64-cross and linux-libc-dev-armhf-cross, and a C preprocessor.
Calls newer than those headers are listed in syscalls.py.
"""
import re
import subprocess
import sys
from pathlib import Path

from syscalls import NEWER, NEWER_X64

X86 = ["-isystem", "/usr/include/x86_64-linux-gnu", "-isystem", "/usr/include"]
ARCHITECTURES = {
    "X64": ("asm/unistd_64.h", X86),
    "X32": ("asm/unistd_x32.h", [*X86, "-D__X32_SYSCALL_BIT=0"]),
    "X86": ("asm/unistd_32.h", X86),
    "Arm64": ("asm/unistd.h", ["-isystem", "/usr/aarch64-linux-gnu/include"]),
    "Arm": ("asm/unistd.h", ["-isystem", "/usr/arm-linux-gnueabihf/include", "-U__x86_64__", "-D__ARM_EABI__"]),
}
NO_CALLS = {"syscalls", "arch_specific_syscall", "SYSCALL_BASE", "OABI_SYSCALL_BASE", "BASE", "SYSCALL_MASK"}


def numbers(header: str, options: list[str]) -> dict[str, int]:
    text = subprocess.run(
        ["cpp", "-P", "-dM", "-nostdinc", *options, "-include", header, "/dev/null"],
        check=True, capture_output=True, text=True,
    ).stdout
    macros = dict(re.findall(r"#define (__\w+) (.+)", text))

    def value(expression: str) -> int | None:
        # Numbers, names of other macros, and sums of both in brackets.
        total = 0
        for term in expression.replace("(", " ").replace(")", " ").split("+"):
            term = term.strip()
            part = value(macros[term]) if term in macros else int(term, 0) if re.fullmatch(r"0x[0-9a-f]+|\d+", term) else None
            if part is None:
                return None
            total += part
        return total

    table = {}
    for macro, expression in macros.items():
        if not re.match(r"__(ARM_)?NR_", macro):
            continue
        name = re.sub(r"^__(ARM_)?NR_", "", macro)
        number = value(expression)
        if number is not None and name not in NO_CALLS and not name.startswith("__"):
            table[name] = number
    return {**NEWER, **table}


def main() -> None:
    tables = {key: numbers(*source) for key, source in ARCHITECTURES.items()}
    for key in ("X64", "X32"):
        tables[key] = {**NEWER_X64, **tables[key]}
    names = sorted(set().union(*tables.values()))
    target = Path(__file__).resolve().parents[2] / "src/Tare.Linux/Seccomp/CallTable.cs"
    rows = "".join(
        f"            {name} {' '.join(str(table.get(name, -1)) for table in tables.values())}\n" for name in names
    )
    target.write_text(
        "// Written by eng/generate/seccomp_calls.py; do not edit.\n\nnamespace Tare.Linux;\n\n"
        "/// <summary>The system calls that filters know.</summary>\n"
        "internal static class CallTable\n{\n"
        "    /// <summary>\n"
        "    /// A line for each: its name, and its numbers on x86_64, x32 (without the bit that marks it), i386, AArch64 and\n"
        "    /// 32-bit ARM (EABI); -1 is none.\n"
        "    /// </summary>\n"
        '    public static ReadOnlySpan<byte> Lines =>\n        """\n' + rows + '            """u8;\n}\n'
    )


if __name__ == "__main__":
    sys.exit(main())
