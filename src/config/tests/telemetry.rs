//! Traces: OpenTelemetry's own names, and what is refused of them.

use super::{faulty, load};
use crate::telemetry::traces::{Sampling, Settings};
use secrecy::ExposeSecret;

const ON: [(&str, &str); 2] =
    [("ENABLE_TELEMETRY", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/")];

fn on(changes: &[(&str, &str)]) -> Settings {
    load(&[&ON, changes].concat()).unwrap().traces.unwrap()
}

#[test]
fn no_spans_are_made_and_no_otel_name_is_looked_at_unless_telemetry_is_on() {
    assert!(load(&[]).unwrap().traces.is_none());
    let others = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_TRACES_SAMPLER", "jaeger_remote")];
    assert!(load(&others).unwrap().traces.is_none());
}

#[test]
fn telemetry_that_is_on_has_opentelemetrys_defaults() {
    let settings = on(&[]);
    assert_eq!(settings.endpoint.as_str(), "http://collector:4318/");
    assert_eq!(settings.timeout.as_secs(), 10);
    assert_eq!(settings.service, "holdergraph");
    assert_eq!(settings.sampling, Sampling::ParentOrAlways);
    assert!(settings.headers.current().value.0.is_empty() && settings.attributes.is_empty());
}

#[test]
fn each_otel_name_is_taken() {
    let settings = on(&[
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20dTpw%3D, x-tenant = a"),
        ("OTEL_SERVICE_NAME", "holders"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod,team=people%2C accounts"),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
    ]);
    assert_eq!(settings.timeout.as_millis(), 2_500);
    let given = settings.headers.current().value;
    let headers: Vec<(&str, &str)> =
        given.0.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
    assert_eq!(headers, [("authorization", "Basic dTpw="), ("x-tenant", "a")]);
    assert_eq!(settings.service, "holders");
    let team = ("team".to_owned(), "people, accounts".to_owned());
    assert_eq!(settings.attributes[1], team);
    assert_eq!(settings.sampling, Sampling::ParentOrRatio(0.25));
}

#[test]
fn every_sampler_of_opentelemetry_that_needs_no_other_service_is_known() {
    for (name, sampling) in [
        ("always_on", Sampling::Always),
        ("always_off", Sampling::Never),
        ("traceidratio", Sampling::Ratio(1.0)),
        ("parentbased_always_on", Sampling::ParentOrAlways),
        ("parentbased_always_off", Sampling::ParentOrNever),
        ("parentbased_traceidratio", Sampling::ParentOrRatio(1.0)),
    ] {
        assert_eq!(on(&[("OTEL_TRACES_SAMPLER", name)]).sampling, sampling, "{name}");
    }
}

#[test]
fn each_wrong_value_is_refused_by_its_name() {
    for (name, value, told) in [
        ("ENABLE_TELEMETRY", "yes", "is neither true nor false"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "", "is required with ENABLE_TELEMETRY=true"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "is no http or https URL"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://u:hunter2@c", "holds a user name or password"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "set one of http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "is no whole number from 1 to 60000"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "in pair 1: it has no ="),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=b,x y=hunter2", "in pair 2: its name"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a(=hunter2", "its name is none of HTTP's"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=hunter2%0A", "its value cannot be sent"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Host=hunter2", "the connection sets this one itself"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team", "in pair 1: it has no ="),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x", "leave it out; OTEL_SERVICE_NAME"),
        ("OTEL_TRACES_SAMPLER", "sometimes", "set one of always_on, always_off"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.1", "OTEL_TRACES_SAMPLER takes no ratio"),
    ] {
        let faults = load(&[&ON[..], &[(name, value)]].concat()).unwrap_err();
        assert_eq!(faulty(&faults), [name], "{value}");
        let text = faults.to_string();
        assert!(text.contains(told), "{name}={value}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    let ratio = [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "NaN")];
    let faults = load(&[ON, ratio].concat()).unwrap_err();
    assert_eq!(faulty(&faults), ["OTEL_TRACES_SAMPLER_ARG"]);
}

#[test]
fn outside_local_plain_http_is_for_a_collector_on_this_machine_only() {
    let saas = [
        ("DEPLOYMENT_MODE", "saas"),
        ("TLS_CERT_FILE", ""),
        ("PLUGIN_AUTH_ADDRESS", "https://auth"),
        ("MIDAZ_LEDGER_URL", "https://ledger"),
    ];
    let faults = |endpoint| {
        let at = [("ENABLE_TELEMETRY", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)];
        let faults = load(&[&saas[..], &at].concat()).unwrap_err();
        faulty(&faults).contains(&"OTEL_EXPORTER_OTLP_ENDPOINT")
    };
    assert!(faults("http://collector:4318"));
    for endpoint in ["http://127.0.0.1:4318", "http://localhost:4318", "http://[::1]:4318", "https://c"] {
        assert!(!faults(endpoint), "{endpoint}");
    }
}

#[test]
fn the_headers_are_never_shown() {
    let settings = on(&[("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=hunter2")]);
    assert!(!format!("{settings:?}").contains("hunter2"));
}
