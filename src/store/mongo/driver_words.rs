//! What the driver says of servers and certificates, without what it quotes: names in the connection string, and lines
//! of a key's file.

/// The beginnings of the driver's words on files, which go on with their path and, in numbers, what stands in them.
const OF_FILES: [(&str, &str); 3] = [
    ("Unable to parse PEM-encoded root certificate", "the authorities' file cannot be read"),
    ("Unable to parse PEM-encoded client certificate", "our certificate's file is no PEM"),
    ("Unable to parse PEM-encoded item", "there is no private key that can be read"),
];

/// The beginnings of its words on a server; those on connections quote nothing but the name in a certificate.
const OF_A_SERVER: [(&str, &str); 2] = [
    ("An error occurred during DNS resolution", "a host's name is not known to DNS"),
    (
        "An invalid argument was provided: Connection string replicaSet",
        "a server's replica set is not the one that replicaSet names",
    ),
];

/// What is wrong with certificates or their key. All but files is told by the library for TLS, which quotes nothing.
pub(super) fn of_certificates(message: &str) -> &str {
    meaning(&OF_FILES, message).unwrap_or(message)
}

/// What the driver's description of the servers tells of their errors: they come before anybody has logged in.
pub(super) fn of_servers(description: &str) -> String {
    let mut errors: Vec<&str> = Vec::new();
    for part in description.split("Kind: ").skip(1) {
        let error = of_a_server(part.split(", labels: ").next().unwrap_or(part));
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    if errors.is_empty() { "none of them is the primary".to_owned() } else { errors.join("; ") }
}

fn of_a_server(error: &str) -> &str {
    match meaning(&OF_A_SERVER, error) {
        Some(meaning) => meaning,
        None if error.starts_with("I/O error: ") => error,
        None => "a server does not answer as MongoDB does",
    }
}

fn meaning(meanings: &[(&str, &'static str)], message: &str) -> Option<&'static str> {
    meanings.iter().find(|(start, _)| message.starts_with(start)).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(kinds: &[&str]) -> String {
        let server = |kind: &&str| {
            format!(
                "{{ Address: hunter2:1, Type: Unknown, Error: Kind: {kind}, labels: {{}}, source: None }}"
            )
        };
        let servers: Vec<String> = kinds.iter().map(server).collect();
        format!("Server selection timeout: No available servers. Topology: {{ {} }}", servers.join(", "))
    }

    #[test]
    fn what_was_seen_of_servers_is_told_once_and_without_names() {
        let refused = "I/O error: Connection refused (os error 111)";
        assert_eq!(of_servers(&servers(&[refused, refused])), refused);
        for (kind, told) in [
            (
                "An error occurred during DNS resolution: No DNS results for domain hunter2:1",
                "a host's name is not known to DNS",
            ),
            (
                "An invalid argument was provided: Connection string replicaSet name \"hunter2\" does not match",
                "a server's replica set is not the one that replicaSet names",
            ),
            ("Internal error: hunter2", "a server does not answer as MongoDB does"),
        ] {
            assert_eq!(of_servers(&servers(&[kind])), told);
        }
        assert_eq!(of_servers(&servers(&[])), "none of them is the primary");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_without_its_path_and_content() {
        let message = "Unable to parse PEM-encoded item from /hunter2: illegal section start: [45, 45]";
        assert_eq!(of_certificates(message), "there is no private key that can be read");
        let other = "keys may not be consistent: KeyMismatch";
        assert_eq!(of_certificates(other), other);
    }
}
