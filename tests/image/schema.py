"""Judges an SBOM on stdin by tools that others wrote: CycloneDX' schema, SPDX' licence expressions, package URLs.

Prints one line for each fault; nothing means that all is well.
"""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from packageurl import PackageURL

text = sys.stdin.read()
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if fault is not None:
    print(f"schema: {str(fault.data)[:1000]}")
    sys.exit()

bom = json.loads(text)
licensing = get_spdx_licensing()
for component in [bom["metadata"]["component"], *bom["components"]]:
    name = f"{component['name']} {component['version']}"
    purl = PackageURL.from_string(component["purl"])
    if (purl.name, purl.version.removeprefix("v")) != (component["name"], component["version"]):
        print(f"purl: {name} is {component['purl']}")
    if purl.to_string() != component["purl"]:
        print(f"purl: {component['purl']} is not as it is written: {purl.to_string()}")
    for entry in component["licenses"]:
        if "expression" in entry:
            print(*(f"licence: {name}: {error}" for error in licensing.validate(entry["expression"]).errors), sep="\n", end="")
