//! Factdesk: a server for fact-checking what articles say.

#![forbid(unsafe_code)]
#![warn(clippy::pedantic)]

pub mod accounts;
pub mod agents;
pub mod agreement;
pub mod app;
pub mod articles;
pub mod audit;
pub mod auth;
pub mod base_url;
pub mod blobs;
pub mod capture;
pub mod claims;
pub mod cli;
mod codes;
pub mod config;
pub mod contacts;
pub mod db;
pub mod demo;
pub mod discussion;
pub mod drafts;
pub mod editing;
pub mod errands;
pub mod error;
pub mod evidence;
pub mod exchange;
pub mod feeds;
pub mod fetch;
pub mod guidelines;
pub mod id;
pub mod import;
pub mod incoming;
pub mod isolated;
pub mod jobs;
pub mod live;
pub mod log;
pub mod mail;
pub mod notifications;
pub mod policies;
pub mod publish;
pub mod record;
pub mod reports;
pub mod reviews;
pub mod scales;
pub mod serve;
pub mod text;
pub mod training;
pub mod web;
pub mod workbench;
