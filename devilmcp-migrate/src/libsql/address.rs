//! The address of a server, as a person writes it.

use crate::error::{Error, Inner};

/// `libsql://notes.example.com` -> `https://notes.example.com`
pub(super) fn base(url: &str) -> Result<String, Error> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    // Whatever else stands in it may be a secret.
    let refuse = |reason| {
        let shown = address.rsplit_once('@').map_or(address, |(_, host)| host);
        Err(Inner::Address { url: shown.to_owned(), reason }.into())
    };
    let Some((scheme, rest)) = address.split_once("://") else {
        return refuse("it begins with libsql://, https:// or http://");
    };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    if host.contains('@') {
        return refuse("it carries a name and a password");
    }
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(is_host) {
        return refuse("it is a host, with a port if need be, and no more");
    }
    let scheme = scheme.to_ascii_lowercase();
    let plain = match (scheme.as_str(), query) {
        ("http", "" | "tls=0") | ("libsql", "tls=0") => true,
        ("https" | "libsql", "" | "tls=1") => false,
        ("http" | "https" | "libsql", _) => return refuse("after the ? it takes tls=0, or tls=1, and no more"),
        ("ws" | "wss", _) => return refuse("WebSockets are not spoken here; say http:// or https://"),
        _ => return refuse("it begins with libsql://, https:// or http://"),
    };
    Ok(format!("{}://{host}", if plain { "http" } else { "https" }))
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn an_address_says_whether_it_is_asked_over_tls() {
        for (url, expected) in [
            ("libsql://notes.example.com", "https://notes.example.com"),
            ("LIBSQL://notes.example.com/", "https://notes.example.com"),
            ("libsql://127.0.0.1:8080?tls=0", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://notes.example.com?tls=1", "https://notes.example.com"),
        ] {
            assert_eq!(base(url).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_no_secret_shown() {
        for url in [
            "notes.db",
            "file:notes.db",
            "ftp://notes",
            "ws://notes",
            "http://",
            "http://notes/path",
            "http://ada:hunter2@notes",
            "libsql://notes?authToken=hunter2",
            "http://notes?tls=1",
        ] {
            let error = base(url).unwrap_err().to_string();
            assert!(error.contains("is not the address of a libSQL server: ") && !error.contains("hunter2"), "{error}");
        }
    }
}
