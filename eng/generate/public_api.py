#!/usr/bin/env python3
"""Writes PublicAPI.Unshipped.txt from the compiler's log (SARIF): public_api.py LOG TARGET. Called by eng/public-api."""

import json
import sys

log, target = sys.argv[1:]
with open(log, encoding="utf-8-sig") as file:
    results = json.load(file)["runs"][0]["results"]

lines = set()
for result in results:
    name = result.get("properties", {}).get("customProperties", {}).get("APIName")
    if result["ruleId"] == "RS0016":
        lines.add(name)
    elif result["ruleId"] == "RS0017":
        # Something that was shipped is gone.
        lines.add("*REMOVED*" + (name or result["message"]["text"].split("'")[1]))

with open(target, "w", encoding="utf-8") as file:
    file.write("#nullable enable\n")
    file.writelines(line + "\n" for line in sorted(lines))
