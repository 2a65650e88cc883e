//! The last moments of a server: whoever is connected is told to go elsewhere.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use tokio::sync::watch;

/// Whether this server is about to stop. While it is, `/ready` says no, and every answer closes its connection, so
/// that clients and balancers send their next request to another server instead of into a closed socket.
#[derive(Debug, Default)]
pub struct Drain(watch::Sender<bool>);

impl Drain {
    /// Begins it; there is no way back.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it begins. An answer without an end (a stream of events) ends then.
    pub async fn begun(&self) {
        // Fails only when the sender is gone, which is this.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Closes the connection after each answer once the server is about to stop.
///
/// # Errors
/// What the service fails with.
pub async fn close_connections(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> actix_web::Result<ServiceResponse<impl MessageBody>> {
    let drain = request.app_data::<Data<Drain>>().cloned();
    let mut answer = next.call(request).await?;
    if drain.is_some_and(|drain| drain.has_begun()) {
        answer.response_mut().head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    }
    Ok(answer)
}
