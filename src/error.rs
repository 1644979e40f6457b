//! What a visitor or client may be told when something fails, and the HTTP status that goes with it.
//!
//! Causes never travel in here: they are logged where they happen (see `server/db.rs`).

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A failure as it is shown: a kind and, where the client can mend it, a sentence that says how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum AppError {
    /// Nothing is published at this address (404).
    #[error("nothing is published here")]
    NotFound,
    /// The request itself is wrong (400); the sentence names the field and what is expected.
    #[error("{0}")]
    BadRequest(String),
    /// The store cannot be reached just now (503); asking again later may work.
    #[error("the site's store cannot be reached just now")]
    Unavailable,
    /// Anything else that went wrong on our side (500).
    #[error("something went wrong on our side")]
    Internal,
}

impl AppError {
    /// The HTTP status code for this failure.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::BadRequest(_) => 400,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(detail) | ServerFnErrorErr::Deserialization(detail) => Self::BadRequest(detail),
            ServerFnErrorErr::MissingArg(name) => Self::BadRequest(format!("`{name}` is missing")),
            _ => Self::Internal,
        }
    }

    fn status_code(&self) -> http::StatusCode {
        http::StatusCode::from_u16(self.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_travels_as_json_with_a_kind_and_a_sentence() {
        let parts = AppError::BadRequest("`limit` must be a number".into()).ser();
        assert_eq!(parts.status_code, 400);
        assert_eq!(parts.content_type, "application/json");
        assert_eq!(parts.body, r#"{"error":"bad_request","detail":"`limit` must be a number"}"#);
        assert_eq!(AppError::de(parts.body), AppError::BadRequest("`limit` must be a number".into()));
    }

    #[test]
    fn what_the_framework_says_of_its_own_faults_stays_inside() {
        let error = ServerFnErrorErr::ServerError("pool at 10.0.0.7 timed out".into());
        assert_eq!(AppError::from_server_fn_error(error), AppError::Internal);
    }
}
