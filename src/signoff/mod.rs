//! The signed record: exact bytes, the signer, verification, allowed signers.
