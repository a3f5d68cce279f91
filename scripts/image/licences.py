#!/usr/bin/env python3
"""Prints the licences of the crates inside the program: each text once, with the crates that carry it."""

import re
import sys

sys.dont_write_bytecode = True

from crates import Crate, shipped  # noqa: E402

NAMES = re.compile(r"^(un)?licen[cs]e|^copying|^copyright|^notice", re.IGNORECASE)
RULE = "=" * 78


def texts(crate: Crate) -> list[str]:
    """What the crate's folder says about its licence, and that of a library which it brings."""
    folders = [crate.folder, *(crate.folder / name for name in ("aws-lc", "c_src/mimalloc/v3"))]
    files = sorted(file for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file() and NAMES.match(file.name))
    return [file.read_text(errors="replace").strip().replace("\r\n", "\n") for file in files if file.suffix not in (".rs", ".html")]


def main() -> None:
    _, crates = shipped()
    carriers: dict[str, list[Crate]] = {}
    bare = []
    for crate in crates:
        found = texts(crate)
        for text in found:
            carriers.setdefault(text, []).append(crate)
        if not found:
            bare.append(crate)
    print("The program contains these crates. Their licences, each text once:\n")
    for text, carrying in carriers.items():
        print(RULE, *(f"{crate.name} {crate.version}, {crate.licence}" for crate in carrying), RULE, text, "", sep="\n")
    if bare:
        print(RULE, "These crates carry no text. What they name as their licence:", RULE, sep="\n")
        print(*(f"{crate.name} {crate.version}, {crate.licence}" for crate in bare), sep="\n")


if __name__ == "__main__":
    main()
