//! One bad slice never kills a load: a decoder that panics is an error.
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result, Status};

/// Runs `decoder`, a call into a foreign crate. A panic in it becomes `Corrupt`.
///
/// The closure may leave its buffers half written and its decoder in any state:
/// both are only used again for a fresh start.
pub fn guard<T>(decoder: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(decoder)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        Err(Error::new(Status::Corrupt, format!("the decoder failed: {message}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let error = guard::<()>(|| panic!("tile {}", 7)).unwrap_err();
        assert_eq!(error.status, Status::Corrupt);
        assert_eq!(error.message, "the decoder failed: tile 7");
        assert_eq!(guard(|| Ok(3)), Ok(3));
    }
}
