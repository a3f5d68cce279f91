//! Reads the schema; with a copy of the client, put `schema.graphql` beside it and name it here.

fn main() {
    cynic_codegen::register_schema("holdergraph")
        .from_sdl_file("../../../schema.graphql")
        .expect("the schema of the service")
        .as_default()
        .expect("the only schema");
}
