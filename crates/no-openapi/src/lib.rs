//! Stands in for utoipa where no `OpenAPI` document is made: the same annotations, which expand to nothing.
//!
//! Depend on it under the name `utoipa`, in place of that crate and of the macros that it brings along. What is
//! annotated compiles to what it would be without annotations.

use proc_macro::TokenStream;

/// The schema of a type: none is made.
#[proc_macro_derive(ToSchema, attributes(schema))]
pub fn to_schema(_type: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// The parameters that a type holds: none is made.
#[proc_macro_derive(IntoParams, attributes(into_params, param))]
pub fn into_params(_type: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// The description of an operation: none is made.
#[proc_macro_attribute]
pub fn path(_description: TokenStream, handler: TokenStream) -> TokenStream {
    handler
}
