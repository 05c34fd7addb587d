//! The server's certificate and key: read, checked, and read again when they change, without a connection being lost.
//!
//! Certificates are renewed every few weeks, by programs that write files and perhaps send SIGHUP. Files that are wrong then (half
//! written, or one of the two still the old one) change nothing: the old certificate stays until they are right.
//!
//! What this module must not know: what is served.

use crate::options::Tls;
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the file {} cannot be read: {error}; give the path of a PEM file that the server may read", file.display())]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("the file {} holds no certificate; give the server's certificate, and behind it those that lead to its authority, as PEM", .0.display())]
    NoCertificate(PathBuf),
    #[error("the file {} is not PEM: {error}", file.display())]
    NotPem { file: PathBuf, error: String },
    #[error("the file {} holds no private key; give the certificate's key as PEM, without a password", .0.display())]
    NoKey(PathBuf),
    #[error("certificate and key cannot be used: {0}; is the key the one that the first certificate was made for?")]
    Refused(rustls::Error),
}

/// The certificate in use.
pub struct Certificate {
    files: Tls,
    current: ArcSwap<Read>,
}

struct Read {
    /// Of both files, to see whether they changed.
    bytes: [Vec<u8>; 2],
    config: Arc<ServerConfig>,
}

impl Certificate {
    /// # Errors
    /// When a file cannot be read, or they do not fit together.
    pub fn open(files: Tls) -> Result<Self, TlsError> {
        let bytes = read(&files)?;
        let config = config(&files, &bytes)?;
        Ok(Self { files, current: ArcSwap::from_pointee(Read { bytes, config }) })
    }

    /// What new connections are greeted with.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.current.load().config.clone().into()
    }

    /// Looks at the files; whether there was another certificate in them.
    fn look(&self) -> Result<bool, TlsError> {
        let bytes = read(&self.files)?;
        if bytes == self.current.load().bytes {
            return Ok(false);
        }
        let config = config(&self.files, &bytes)?;
        self.current.store(Arc::new(Read { bytes, config }));
        Ok(true)
    }

    /// Looks at the files again and again, and on SIGHUP at once.
    pub async fn follow(self: Arc<Self>) {
        let (mut hangup, mut failing) = (Hangup::new(), false);
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = hangup.next() => {}
            }
            let this = self.clone();
            // Two small files; still, a disk may be slow.
            let Ok(looked) = tokio::task::spawn_blocking(move || this.look()).await else { continue };
            match looked {
                Ok(changed) => {
                    if changed {
                        tracing::info!(file = %self.files.certificates.display(), "new connections get the new certificate");
                    }
                    failing = false;
                }
                // Once, not every two seconds.
                Err(error) if !failing => {
                    tracing::error!(%error, "the new certificate is not used, the old one still is");
                    failing = true;
                }
                Err(_) => {}
            }
        }
    }
}

fn read(files: &Tls) -> Result<[Vec<u8>; 2], TlsError> {
    let read = |file: &Path| std::fs::read(file).map_err(|error| TlsError::Unreadable { file: file.to_owned(), error });
    Ok([read(&files.certificates)?, read(&files.key)?])
}

fn config(files: &Tls, [certificates, key]: &[Vec<u8>; 2]) -> Result<Arc<ServerConfig>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let not_pem = |error: rustls::pki_types::pem::Error| TlsError::NotPem {
        file: files.certificates.clone(),
        error: error.to_string(),
    };
    let chain = chain.map_err(not_pem)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(files.certificates.clone()));
    }
    // Never with what is in it: the error of a key may quote it.
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey(files.key.clone()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(TlsError::Refused)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// SIGHUP, where there is such a thing.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().expect("a folder") }
        }

        fn tls(&self) -> Tls {
            Tls { certificates: self.folder.path().join("chain.pem"), key: self.folder.path().join("key.pem") }
        }

        fn write(&self, certificates: &str, key: &str) -> Tls {
            let tls = self.tls();
            fs::write(&tls.certificates, certificates).expect("written");
            fs::write(&tls.key, key).expect("written");
            tls
        }
    }

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["shop.example".to_owned()]).expect("a certificate");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn refusal(files: &Files, certificates: &str, key: &str) -> String {
        let path = format!("{}/", files.folder.path().display());
        let refused = Certificate::open(files.write(certificates, key)).err().expect("refused");
        refused.to_string().replace(&path, "")
    }

    #[test]
    fn wrong_files_are_refused_and_the_error_says_which_and_why() {
        let (files, (certificate, key), (_, another)) = (Files::new(), pair(), pair());
        let missing = Certificate::open(files.tls()).err().expect("refused").to_string();
        assert!(missing.contains("chain.pem cannot be read"), "{missing}");
        assert!(refusal(&files, "", &key).contains("chain.pem holds no certificate"));
        assert!(refusal(&files, &key, &key).contains("chain.pem holds no certificate"), "exchanged");
        assert!(refusal(&files, &certificate, "").contains("key.pem holds no private key"));
        assert!(refusal(&files, &certificate, &certificate).contains("key.pem holds no private key"));
        assert!(refusal(&files, &certificate[..certificate.len() / 2], &key).contains("chain.pem"), "half written");
        assert!(refusal(&files, &certificate, &another).contains("is the key the one"), "another's key");
    }

    #[test]
    fn a_new_certificate_is_taken_when_both_files_are_right_and_not_before() {
        let (files, (certificate, key), (renewed, new_key)) = (Files::new(), pair(), pair());
        let open = Certificate::open(files.write(&certificate, &key)).expect("sound");
        let first = open.current.load().config.clone();
        assert!(!open.look().expect("sound"), "nothing changed");
        files.write(&renewed, &key);
        open.look().expect_err("the key is still the old one");
        assert!(Arc::ptr_eq(&first, &open.current.load().config), "the old one stays");
        files.write(&renewed, &new_key);
        assert!(open.look().expect("sound"));
        assert!(!Arc::ptr_eq(&first, &open.current.load().config));
        assert!(!open.look().expect("sound"));
    }
}
