# From a linker's map: where each function begins, and by what it is ordered. A managed function by its name ("managed NAME"),
# one of the libraries by the section it is in ("native LIBRARY:MEMBER(SECTION)"), which is all that the linker can move.
function of_file(path, parts, n) {
    n = split(path, parts, "/")
    path = parts[n]
    if (path ~ /\)$/) {
        sub(/\(/, ":", path)
        sub(/\)$/, "", path)
        return "*" path
    }
    return "*/" path
}
/^[._a-zA-Z]/ { output = $1; next }
output != ".text" && output != ".text.start" && output != "__managedcode" { next }
/^ [._a-zA-Z][^ ]*$/ { section = $1; next }
/^ [._a-zA-Z]/ { section = $1; address = $2; size = $3; file = $4 }
/^ +0x[0-9a-f]+ +0x[0-9a-f]+ \// { address = $1; size = $2; file = $3 }
/^ [._a-zA-Z]|^ +0x[0-9a-f]+ +0x[0-9a-f]+ \// {
    managed = section == "__managedcode"
    native = managed || size == "0x0" ? "" : "native " of_file(file) "(" section ")"
    if (native != "")
        print substr(address, 3), native
    next
}
/^ +0x[0-9a-f]+ +[^ =]+$/ {
    if (managed)
        print substr($1, 3), "managed " $2
    else if (native != "")
        print substr($1, 3), native
}
