//! HEAD: the headers of the GET and no body.

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::Method,
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// Answers HEAD as GET and leaves the body out.
pub async fn answer(mut request: Request, next: Next) -> Response {
    if request.method() != Method::HEAD {
        return next.run(request).await;
    }
    *request.method_mut() = Method::GET;
    next.run(request).await.map(|body| Body::new(Unsent(body.size_hint())))
}

/// A body that is not sent but has the size of the one that would be: hyper writes `Content-Length` from it, or leaves it
/// out where the size of a GET is not known before it is sent.
struct Unsent(SizeHint);

impl HttpBody for Unsent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.0
    }
}
