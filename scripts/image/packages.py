"""The Debian packages whose files are in the image, as the image itself tells scanners."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def debian_packages(root: Path) -> Iterator[dict]:
    """One component for each package that `var/lib/dpkg/status.d` of the image's root describes."""
    release = fields((root / "etc/os-release").read_text(), "=")
    distribution = f"{release['ID']}-{release['VERSION_ID']}".replace('"', "")
    for file in sorted((root / "var/lib/dpkg/status.d").iterdir()):
        package = fields(file.read_text(), ": ")
        name, version = package["Package"], package["Version"]
        # "gcc-12 (12.2.0-14)", where the source's version is another than the package's.
        source, _, of_source = package.get("Source", name).partition(" ")
        of_source = of_source.strip("()") or version
        qualifiers = f"arch={package['Architecture']}&distro={distribution}&upstream={quote(f'{source}@{of_source}', safe='')}"
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "licenses": [{"license": {"name": f"see /licenses/{name}.txt in the image"}}],
            "purl": f"pkg:deb/debian/{name}@{quote(version, safe='')}?{qualifiers}",
        }


def fields(text: str, between: str) -> dict[str, str]:
    """The lines that are no continuation of another, by their names."""
    return dict(line.split(between, 1) for line in text.splitlines() if between in line and not line.startswith(" "))
