#!/usr/bin/env bash
# Known faults of what we depend on, by cargo-deny. To be sourced by scripts/test, which says what a `step` is.

# check_advisories: one test where RustSec's database can be had, and else one line. No network is no fault of ours;
# a database that was got once and is out of date would be called a good result, so an old copy is not asked.
check_advisories() {
  if timeout 120 cargo deny --locked fetch db >/dev/null 2>&1; then
    step "cargo deny: advisories" cargo deny --frozen check advisories
  else
    printf 'Advisories are not checked: their database cannot be fetched from here ("cargo deny check advisories").\n'
  fi
}
