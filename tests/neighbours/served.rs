//! Both servers are asked over a connection, as a client would.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::app;

#[tokio::test]
async fn a_server_has_upgraded_its_database_before_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    for start in 1..=2 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = app(&path).await.unwrap();
        let server = tokio::spawn(async { axum::serve(listener, app).await });
        let ask = async |request: String| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let head = "/notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        let answer = ask(format!("POST {head}Content-Length: 5\r\n\r\nnote{start}")).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        let answer = ask(format!("GET {head}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let expected = ["note1", "note1\nnote2"][start - 1];
        assert_eq!(answer.split_once("\r\n\r\n").unwrap().1, expected, "{answer}");
        server.abort();
    }
}

#[tokio::test]
async fn a_server_whose_database_is_none_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    std::fs::write(&path, "a letter, and not a database").unwrap();
    assert!(app(&path).await.unwrap_err().to_string().contains("not an SQLite database"));
}
