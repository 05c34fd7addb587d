//! Prints the OpenAPI document, as `/openapi.json` shows it: for tests and generators that have no server at hand.

fn main() {
    print!("{}", cartwright_server::openapi_document());
}
