//! The client of the staging system, without any crate.
use std::io::{Error, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

pub fn get(service: &str, path: &str) -> Result<String, Error> {
    let url = std::env::var(format!("STAGING_{service}")).unwrap();
    let host = url.split("://").nth(1).unwrap();
    let address = if host.contains(':') { host.to_string() } else { format!("{host}:80") };
    let mut stream = TcpStream::connect(address.to_socket_addrs()?.next().unwrap())?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let token = std::env::var("STAGING_TOKEN").unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.lines().next().unwrap_or("").to_string();
    if !status.contains(" 200 ") {
        return Err(Error::new(ErrorKind::Other, format!("GET {path}: {status}")));
    }
    Ok(answer.split("\r\n\r\n").nth(1).unwrap_or("").to_string())
}

pub fn chat() -> Result<(), Error> {
    let url = std::env::var("STAGING_WS").unwrap();
    let host = url.trim_start_matches("ws://").trim_end_matches("/ws");
    let token = std::env::var("STAGING_TOKEN").unwrap();
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /ws HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")?;
    let mut all = Vec::new();
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut buffer = [0u8; 4096];
    loop {
        let read = stream.read(&mut buffer)?;
        all.extend_from_slice(&buffer[..read]);
        if let Some(at) = all.windows(2).position(|pair| pair[0] == 0x88) {
            if all.len() >= at + 4 {
                let code = u16::from_be_bytes([all[at + 2], all[at + 3]]);
                let reason = String::from_utf8_lossy(&all[at + 4..]).to_string();
                return Err(Error::new(ErrorKind::ConnectionAborted, format!("websocket closed: code {code} ({reason})")));
            }
        }
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}
