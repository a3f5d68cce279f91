//! Certificates of MongoDB's settings: how much they may be, and that they are given once.

use super::super::faulty;
use super::{KEY, PARTS, PEM, file, with};

/// PEM of at least so many bytes.
fn pem_of(bytes: usize) -> String {
    PEM.repeat(bytes / PEM.len() + 1)
}

#[test]
fn certificates_may_be_a_whole_systems_and_no_more_than_a_mebibyte() {
    let (_whole, whole) = file(&pem_of(300 * 1024));
    let (_whole_with_key, whole_with_key) = file(&format!("{KEY}{}", pem_of(300 * 1024)));
    let given = [("MONGO_TLS_CA_CERT_FILE", whole.as_str()), ("MONGO_TLS_CLIENT_CERT_FILE", &whole_with_key)];
    let tls = with(&PARTS, &given).unwrap().store.mongo.unwrap().connection().tls;
    assert!(tls.authorities.unwrap().len() >= 300 * 1024 && tls.identity.is_some());

    let (_more, more) = file(&pem_of(1024 * 1024));
    for setting in ["MONGO_TLS_CA_CERT_FILE", "MONGO_TLS_CLIENT_CERT_FILE"] {
        let faults = with(&PARTS, &[(setting, &more)]).unwrap_err();
        assert_eq!(faulty(&faults), [setting]);
        let text = faults.to_string();
        assert!(
            text.contains("is longer than 1 MiB; name a readable file that holds nothing but cert"),
            "{text}"
        );
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn certificates_stand_in_settings_or_in_the_connection_string() {
    let (_both, both) = file(&format!("{PEM}{KEY}"));
    let authorities = ("MONGO_TLS_CA_CERT", PEM);
    let identity = ("MONGO_TLS_CLIENT_CERT_FILE", both.as_str());
    let inside = "tlsCAFile=/ca.pem&tlsCertificateKeyFile=/client.pem";
    for (parameters, faults) in [
        (inside, &["MONGO_TLS_CA_CERT", "MONGO_TLS_CLIENT_CERT_FILE"][..]),
        ("tls=true&TLScaFile=/ca.pem", &["MONGO_TLS_CA_CERT"]),
        ("tlsCertificateKeyFile=/client.pem", &["MONGO_TLS_CLIENT_CERT_FILE"]),
        ("tls=true", &[]),
    ] {
        let given = [authorities, identity, ("MONGO_PARAMETERS", parameters)];
        let Err(found) = with(&PARTS, &given) else {
            assert!(faults.is_empty(), "{parameters}");
            continue;
        };
        assert_eq!(faulty(&found), faults, "{parameters}: {found}");
        let told = "is set, and the connection string has a parameter for it; set one of the two";
        assert!(found.iter().all(|fault| fault.to_string().contains(told)), "{found}");
    }
    for (setting, parameter) in [(authorities, "tlsCertificateKeyFile"), (identity, "tlsCAFile")] {
        let parameters = format!("{parameter}=/x.pem");
        assert!(with(&PARTS, &[setting, ("MONGO_PARAMETERS", &parameters)]).is_ok(), "{parameter}");
    }
    assert!(with(&PARTS, &[("MONGO_PARAMETERS", inside)]).is_ok());
}
