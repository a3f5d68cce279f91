"""Which crates are inside the program, as cargo resolves them for what is shipped."""

import json
import re
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FEATURES = "mimalloc"
SOURCE = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^(\d+)\t(\S+) v(\S+)[^\t]*\t([^\t]*?)( \(\*\))?$")


@dataclass
class Crate:
    """One version of a crate, with where its source is on this machine."""

    name: str
    version: str
    licence: str
    repository: str | None
    folder: Path
    checksum: str | None
    features: list[str] = field(default_factory=list)
    needs: set[tuple[str, str]] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        return (self.name, self.version)


def cargo(*arguments: str) -> str:
    """What cargo prints; what it complains about goes to the caller's terminal."""
    return subprocess.run(["cargo", *arguments], cwd=SOURCE, check=True, stdout=subprocess.PIPE, text=True).stdout


def rustc() -> dict[str, str]:
    """The compiler's own words: its release, and the machine that it compiles for."""
    said = subprocess.run(["rustc", "-vV"], cwd=SOURCE, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)


def shipped() -> tuple[Crate, list[Crate]]:
    """The program's own crate, and the others that are linked into it, by name.

    `cargo tree` tells which: it keeps the features of tests, of build scripts and of macros apart, which
    `cargo metadata` does not. That one tells the rest.
    """
    known = described()
    found: dict[tuple[str, str], Crate] = {}
    above: list[Crate] = []
    tree = cargo("tree", "--locked", "--features", FEATURES, "--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", "\t{p}\t{f}")
    for line in filter(None, tree.splitlines()):
        read = LINE.match(line)
        if read is None:
            raise SystemExit(f"sbom: cargo tree printed a line that is not understood: {line!r}")
        depth, key, features = int(read[1]), (read[2], read[3]), read[4]
        crate = found.setdefault(key, known[key])
        crate.features = features.split(",") if features else []
        del above[depth:]
        if above:
            above[-1].needs.add(key)
        above.append(crate)
    program, *others = found.values()
    return program, sorted(others, key=lambda crate: crate.key)


def described() -> dict[tuple[str, str], Crate]:
    """Every crate that the lock file names for this machine."""
    lock = tomllib.loads((SOURCE / "Cargo.lock").read_text())
    checksums = {(entry["name"], entry["version"]): entry.get("checksum") for entry in lock["package"]}
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--features", FEATURES, "--filter-platform", rustc()["host"]))
    clarified = {entry["crate"]: entry["expression"] for entry in tomllib.loads((SOURCE / "deny.toml").read_text())["licenses"]["clarify"]}
    return {
        (package["name"], package["version"]): Crate(
            package["name"],
            package["version"],
            licence(package, clarified),
            package["repository"],
            Path(package["manifest_path"]).parent,
            checksums[(package["name"], package["version"])],
        )
        for package in metadata["packages"]
    }


def licence(package: dict, clarified: dict[str, str]) -> str:
    """An expression of SPDX: the crate's own, or where it has only a text, what deny.toml has found that to be."""
    if package["name"] in clarified:
        return clarified[package["name"]]
    if not package["license"]:
        raise SystemExit(f"sbom: {package['name']} {package['version']} names no licence; please add it to licenses.clarify in deny.toml")
    # The old way to write a choice.
    return re.sub(r"\s*/\s*", " OR ", package["license"])
