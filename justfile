# What people do often. `just` alone lists it.

_list:
    @{{ just_executable() }} --list --unsorted

# Every test, as CI runs it; or parts of it: just test unit http
test *parts:
    ./scripts/test {{ prepend("--only ", parts) }}

# The quick look before a commit
check:
    ./scripts/test --only format --only lint --only unit

# Put the code into its standard form
format:
    cargo fmt

# Try the service: it brings an Access Manager and a ledger of its own
sandbox *options:
    cargo run --locked -- sandbox {{ options }}

# Write schema.graphql anew from the code
schema:
    cargo run --locked -- schema > schema.graphql.new
    mv schema.graphql.new schema.graphql

# Print a new set of keys
keys:
    cargo run --locked -- keys generate

# The documentation of the code, in the browser
doc:
    cargo doc --no-deps --document-private-items --open

# The image, built as it is shipped
image:
    docker build --tag holdergraph .
