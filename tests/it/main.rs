//! Factdesk from outside: over HTTP, and as the database sees it. One program, so that it is linked once.

#![forbid(unsafe_code)]
#![warn(clippy::pedantic)]

mod access;
mod accounts;
mod agents;
mod agreement;
mod articles;
mod capture;
mod catalog;
mod claims;
mod cluster;
mod contacts;
mod demo;
mod discussion;
mod drafts;
mod evidence;
mod exchange;
mod external;
mod feeds;
mod fetch;
mod files;
mod findings;
mod forgery;
mod foundation;
mod guidelines;
mod harness;
mod import;
mod incoming;
mod invariants_claims;
mod invariants_intakes;
mod invariants_reviews;
mod invariants_versions;
mod isolated;
mod jobs;
mod limits;
mod lint;
mod live;
mod mail;
mod marks;
mod notifications;
mod places;
mod presence;
mod publish;
mod published;
mod record;
mod reports;
mod reviews;
mod rounds;
mod settings;
mod training;
mod versions;
mod watches;
mod workbench;
