//! What a text is and where its words are: documents, imports, sentences, selectors, marks, rendering.
//!
//! Everything here is a pure function: no database, no network, no clock. Offsets are Unicode code points,
//! half-open, of text in normalisation form C, unless a name says bytes.

pub mod address;
pub mod anchor;
pub mod dates;
pub mod diff;
pub mod direction;
pub mod document;
pub mod filter;
pub mod identifiers;
pub mod import;
pub mod language;
pub mod offsets;
pub mod quote;
pub mod render;
pub mod segments;
pub mod selector;
pub mod sentence;

pub use document::Document;
pub use offsets::Extent;
