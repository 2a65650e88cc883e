//! The pages of accounts and desks.

mod account;
mod demo;
mod desks;
mod invitation;
mod new_password;
mod people;
pub mod permissions;
mod session;
mod settings;
mod setup;
mod sign_in;
mod start;

use actix_web::web::ServiceConfig;

/// The addresses that belong to no desk.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(start::start)
        .service(sign_in::show)
        .service(sign_in::sign_in)
        .service(sign_in::sign_out)
        .service(demo::sign_in)
        .service(setup::show)
        .service(setup::set_up)
        .service(new_password::show)
        .service(new_password::set)
        .service(account::show)
        .service(account::rename)
        .service(account::change_password)
        .service(account::end_other_sessions)
        .service(account::erase)
        .service(desks::show)
        .service(desks::create)
        .service(invitation::show)
        .service(invitation::join)
        .service(invitation::join_newly)
        .service(people::list)
        .service(permissions::show)
        .service(people::invite)
        .service(people::withdraw)
        .service(people::change_roles)
        .service(people::remove)
        .service(settings::show)
        .service(settings::change);
}
