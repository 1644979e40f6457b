//! Names made from bytes: for addresses that never change under their readers, and for ETags.

use sha2::{Digest, Sha256};

/// The first `length` bytes of the SHA-256 of `bytes`, in hexadecimal digits. `length` is at most 32.
pub fn hex(bytes: &[u8], length: usize) -> String {
    hex_of(&Sha256::digest(bytes)[..length.min(32)])
}

/// Bytes in hexadecimal digits.
pub fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_beginning_of_the_digest() {
        // printf abc | sha256sum
        assert_eq!(hex(b"abc", 8), "ba7816bf8f01cfea");
    }
}
