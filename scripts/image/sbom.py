#!/usr/bin/env python3
"""Prints what is in the image, as CycloneDX 1.6: crates, what is inside them, and Debian's packages.

Of one commit and one root it always prints the same: nothing of it is random, and its time is SOURCE_DATE_EPOCH.
"""

import argparse
import hashlib
import json
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

sys.dont_write_bytecode = True

from crates import Crate, rustc, shipped  # noqa: E402
from packages import debian_packages  # noqa: E402
from within import browser_packages, c_libraries, rust_library  # noqa: E402


def purl(crate: Crate) -> str:
    return f"pkg:cargo/{crate.name}@{crate.version.replace('+', '%2B')}"


def of_crate(crate: Crate) -> dict:
    component = {
        "type": "library",
        "name": crate.name,
        "version": crate.version,
        "scope": "required",
        "licenses": [{"expression": crate.licence}],
        "purl": purl(crate),
        "bom-ref": purl(crate),
    }
    if crate.checksum is not None:
        component["hashes"] = [{"alg": "SHA-256", "content": crate.checksum}]
    if crate.repository is not None:
        component["externalReferences"] = [{"type": "vcs", "url": crate.repository}]
    return component


def of_program(crate: Crate, file: Path | None) -> dict:
    """Its purl is a generic one: a registry's crate of this name would be another program."""
    reference = f"pkg:generic/{crate.name}@{crate.version}"
    component = {
        "type": "application",
        "name": crate.name,
        "version": crate.version,
        "licenses": [{"expression": crate.licence}],
        "purl": reference,
        "bom-ref": reference,
    }
    if file is not None:
        component["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}]
    return component


def document(root: Path | None) -> dict:
    program, crates = shipped()
    components = [of_crate(crate) for crate in crates]
    subject = of_program(program, root and root / program.name)
    references = {crate.key: purl(crate) for crate in crates}
    needs = {subject["bom-ref"]: {references[key] for key in program.needs}}
    needs |= {references[crate.key]: {references[key] for key in crate.needs} for crate in crates}

    def add(component: dict, needed_by: str) -> None:
        component["bom-ref"] = component["purl"]
        components.append(component)
        needs.setdefault(component["bom-ref"], set())
        needs[needed_by].add(component["bom-ref"])

    for crate, library in c_libraries(crates):
        add(library, references[crate.key])
    for component in [rust_library(), *browser_packages(), *(debian_packages(root) if root else ())]:
        add(component, subject["bom-ref"])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata(subject),
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": sorted(needs[reference])} for reference in sorted(needs)],
    }


def metadata(subject: dict) -> dict:
    compiler = rustc()
    return {
        "timestamp": datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycles": [{"phase": "build"}],
        "tools": {"components": [{"type": "application", "name": "rustc", "version": compiler["release"]}]},
        "component": subject,
        "properties": [{"name": "holdergraph:target", "value": compiler["host"]}],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints what is in the image, as CycloneDX 1.6.")
    parser.add_argument("--root", type=Path, help="the image's root, as scripts/image/root makes it; without it only the program is described")
    bom = document(parser.parse_args().root)
    content = json.dumps(bom, sort_keys=True).encode()
    bom["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(content).hexdigest()).urn
    json.dump(bom, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
