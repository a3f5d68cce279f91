//! The settings, one row each.

use crate::config::setting::{Group, Secret, Setting, Unset};

pub(super) static MONGO_URI: Secret = Secret {
    name: "MONGO_URI",
    file: Setting {
        name: "MONGO_URI_FILE",
        flag: "mongo-uri-file",
        value: "PATH",
        unset: Unset::Means("the variable MONGO_URI; without either, records are kept in DATA_DIR"),
        help: "File with the connection string of MongoDB, for example mongodb://USER:PASSWORD@HOST:27017/?tls=true.\n\
               The variable MONGO_URI may hold it instead, or only its scheme (mongodb or mongodb+srv), and the \
               settings MONGO_HOST, MONGO_PORT, MONGO_USER, MONGO_PASSWORD and MONGO_PARAMETERS the rest.\n\
               Read again every 10 s and on SIGHUP, as all files of this group are: the server moves to a client with \
               what has changed once that gets in. Only credentials and certificates may change.",
    },
};

pub(super) static MONGO_HOST: Setting = Setting {
    name: "MONGO_HOST",
    flag: "mongo-host",
    value: "HOST",
    unset: Unset::Means("it stands in MONGO_URI"),
    help: "The server's name or address, where MONGO_URI is only a scheme; several with commas between them.",
};

pub(super) static MONGO_PORT: Setting = Setting {
    name: "MONGO_PORT",
    flag: "mongo-port",
    value: "PORT",
    unset: Unset::Means("27017, where MONGO_URI is only a scheme"),
    help: "The server's port; mongodb+srv has none, it takes them from DNS.",
};

pub(super) static MONGO_USER: Setting = Setting {
    name: "MONGO_USER",
    flag: "mongo-user",
    value: "NAME",
    unset: Unset::Means("nobody logs in, where MONGO_URI is only a scheme"),
    help: "Who we are there, as it is: it is percent-encoded here.",
};

pub(super) static MONGO_PASSWORD: Secret = Secret {
    name: "MONGO_PASSWORD",
    file: Setting {
        name: "MONGO_PASSWORD_FILE",
        flag: "mongo-password-file",
        value: "PATH",
        unset: Unset::Means("the variable MONGO_PASSWORD"),
        help: "File with MONGO_USER's password, as it is: it is percent-encoded here.\n\
               The variable MONGO_PASSWORD may hold the password itself. The file is read again every 10 s and on SIGHUP.",
    },
};

pub(super) static MONGO_PARAMETERS: Setting = Setting {
    name: "MONGO_PARAMETERS",
    flag: "mongo-parameters",
    value: "NAME=VALUE&…",
    unset: Unset::Means("none, where MONGO_URI is only a scheme"),
    help: "Parameters of the connection string, for example replicaSet=rs0&authSource=admin&tls=true.",
};

pub(super) static MONGO_NAME: Setting = Setting {
    name: "MONGO_NAME",
    flag: "mongo-name",
    value: "NAME",
    unset: Unset::Means("the database in MONGO_URI, or crm"),
    help: "The name of the database.",
};

pub(super) static MONGO_MAX_POOL_SIZE: Setting = Setting {
    name: "MONGO_MAX_POOL_SIZE",
    flag: "mongo-max-pool-size",
    value: "COUNT",
    unset: Unset::Default("1000"),
    help: "The most connections to one server; the metrics holdergraph_mongo_pool_… show how many are used.",
};

pub(super) static MONGO_MIN_POOL_SIZE: Setting = Setting {
    name: "MONGO_MIN_POOL_SIZE",
    flag: "mongo-min-pool-size",
    value: "COUNT",
    unset: Unset::Default("0"),
    help: "The connections to one server that are kept open even if nobody needs them.",
};

pub(super) static MONGO_TLS_CA_CERT: Secret = Secret {
    name: "MONGO_TLS_CA_CERT",
    file: Setting {
        name: "MONGO_TLS_CA_CERT_FILE",
        flag: "mongo-tls-ca-cert-file",
        value: "PATH",
        unset: Unset::Means(
            "the variable MONGO_TLS_CA_CERT; without either, the authorities that browsers know",
        ),
        help: "File with the authorities whose certificates the server may have: PEM, or base64 of PEM. Turns TLS on.\n\
               The variable MONGO_TLS_CA_CERT may hold the same text. The file is read again every 10 s and on SIGHUP.",
    },
};

pub(super) static MONGO_TLS_CLIENT_CERT_FILE: Setting = Setting {
    name: "MONGO_TLS_CLIENT_CERT_FILE",
    flag: "mongo-tls-client-cert-file",
    value: "PATH",
    unset: Unset::Means("no certificate is shown"),
    help: "File with our own certificate, and those between it and its authority: PEM. Turns TLS on.\n\
           Read again every 10 s and on SIGHUP.",
};

pub(super) static MONGO_TLS_CLIENT_KEY_FILE: Setting = Setting {
    name: "MONGO_TLS_CLIENT_KEY_FILE",
    flag: "mongo-tls-client-key-file",
    value: "PATH",
    unset: Unset::Means("the key stands in MONGO_TLS_CLIENT_CERT_FILE too"),
    help: "File with our certificate's private key, not encrypted: PEM. Read again every 10 s and on SIGHUP.",
};

pub(super) static MONGO_CONNECT_TIMEOUT: Setting = Setting {
    name: "MONGO_CONNECT_TIMEOUT",
    flag: "mongo-connect-timeout",
    value: "DURATION",
    unset: Unset::Default("2s"),
    help: "How long making a connection to MongoDB may take, for example 2s.",
};

pub(super) static MONGO_SERVER_SELECTION_TIMEOUT: Setting = Setting {
    name: "MONGO_SERVER_SELECTION_TIMEOUT",
    flag: "mongo-server-selection-timeout",
    value: "DURATION",
    unset: Unset::Default("2s"),
    help: "How long finding a server that takes writes may take, for example while a primary is replaced.",
};

pub(super) static MONGO_TIMEOUT: Setting = Setting {
    name: "MONGO_TIMEOUT",
    flag: "mongo-timeout",
    value: "DURATION",
    unset: Unset::Default("5s"),
    help: "How long one call of the store may take in all, waiting for a connection and repeats included.\n\
           Past it the answer is STORE_UNAVAILABLE; below REQUEST_TIMEOUT, so that the answer is told in time.",
};

/// Those whose values are secret, or too long for a command line.
pub(super) static SECRETS: [&Secret; 3] = [&MONGO_URI, &MONGO_PASSWORD, &MONGO_TLS_CA_CERT];

/// Those whose files are read again while the service runs.
pub(super) static FILES: [&Setting; 5] = [
    &MONGO_URI.file,
    &MONGO_PASSWORD.file,
    &MONGO_TLS_CA_CERT.file,
    &MONGO_TLS_CLIENT_CERT_FILE,
    &MONGO_TLS_CLIENT_KEY_FILE,
];

pub(in crate::config) static GROUP: Group = Group {
    heading: "MongoDB",
    settings: &[
        &MONGO_URI.file,
        &MONGO_HOST,
        &MONGO_PORT,
        &MONGO_USER,
        &MONGO_PASSWORD.file,
        &MONGO_PARAMETERS,
        &MONGO_NAME,
        &MONGO_MAX_POOL_SIZE,
        &MONGO_MIN_POOL_SIZE,
        &MONGO_TLS_CA_CERT.file,
        &MONGO_TLS_CLIENT_CERT_FILE,
        &MONGO_TLS_CLIENT_KEY_FILE,
        &MONGO_CONNECT_TIMEOUT,
        &MONGO_SERVER_SELECTION_TIMEOUT,
        &MONGO_TIMEOUT,
    ],
};
