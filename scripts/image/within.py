"""What is inside the program beside crates: C libraries within crates, scripts of GraphiQL, Rust's own library."""

import re
from collections.abc import Iterator
from pathlib import Path

from crates import SOURCE, Crate, rustc


def c_libraries(crates: list[Crate]) -> Iterator[tuple[Crate, dict]]:
    """The C libraries that crates compile in, each with its crate. Scanners know faults by these names, not by the crate's."""
    for crate in crates:
        match crate.name:
            case "libsqlite3-sys":
                version = defined(crate.folder / "sqlite3/sqlite3.h", "SQLITE_VERSION", r'"([\d.]+)"')
                yield crate, library("sqlite", version, "pkg:generic/sqlite", "blessing") | {
                    "cpe": f"cpe:2.3:a:sqlite:sqlite:{version}:*:*:*:*:*:*:*"
                }
            case "aws-lc-sys":
                version = defined(crate.folder / "aws-lc/include/openssl/base.h", "AWSLC_VERSION_NUMBER_STRING", r'"([\d.]+)"')
                yield crate, library("aws-lc", version, "pkg:github/aws/aws-lc", crate.licence, "v")
            case "libmimalloc-sys":
                branch = "v2" if "v2" in crate.features else "v3"
                number = int(defined(crate.folder / f"c_src/mimalloc/{branch}/include/mimalloc.h", "MI_MALLOC_VERSION", r"(\d+)"))
                version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
                yield crate, library("mimalloc", version, "pkg:github/microsoft/mimalloc", "MIT", "v")


def defined(header: Path, name: str, value: str) -> str:
    """The value of a C macro."""
    found = re.search(rf"^#define {name}\s+{value}", header.read_text(errors="replace"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"sbom: {header.name} does not define {name} as it did; please look at how this crate tells its library's version")
    return found[1]


def library(name: str, version: str, purl: str, licence: str, tag: str = "") -> dict:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "licenses": [{"expression": licence}],
        "purl": f"{purl}@{tag}{version}",
    }


def rust_library() -> dict:
    """Rust's standard library: part of each program, and in no lock file."""
    release = rustc()["release"]
    return library("rust-std", release, "pkg:generic/rust-std", "MIT OR Apache-2.0") | {
        "cpe": f"cpe:2.3:a:rust-lang:rust:{release}:*:*:*:*:*:*:*"
    }


def browser_packages() -> Iterator[dict]:
    """The packages inside GraphiQL's files, which the program serves: their licences' headings name them."""
    text = (SOURCE / "assets/graphiql/THIRD-PARTY-LICENSES.txt").read_text()
    headings = re.findall(r"^={78}\n(\S+) (\d\S*), (.+)\n={78}$", text, re.MULTILINE)
    if not headings:
        raise SystemExit("sbom: no package is named in assets/graphiql/THIRD-PARTY-LICENSES.txt as it was")
    for name, version, licence in headings:
        group, _, bare = name.rpartition("/")
        entry = library(bare, version, "pkg:npm/" + (f"%40{group[1:]}/" if group else "") + bare, licence)
        yield (entry | {"group": group}) if group else entry
