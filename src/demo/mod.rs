//! The throw-away server of `factdesk demo`, whose desk is filled with sample content.

pub mod content;
