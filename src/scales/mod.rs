//! Rating scales: a desk's own, versioned, and the ones every desk begins with.

pub mod form;
mod pages;
mod presets;
mod row;
mod store;
mod value;
mod write;

pub use form::{ScaleForm, Values};
pub use pages::routes;
pub use presets::{install, install_presets};
pub use store::{Entry, Scale, Version, current, default, list, version, versions};
pub use value::{Badge, Colour, Kind, Numbers, RatingValue, Shape};
