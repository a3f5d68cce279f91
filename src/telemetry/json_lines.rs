//! One JSON object a log line: time, level, target and message, the fields of the spans around it (the request's id
//! among them) and its own, all side by side.

use crate::domain::time::Timestamp;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Names that no field of a span or an event takes over.
const OWN_NAMES: [&str; 4] = ["timestamp", "level", "target", "message"];

/// Writes events as lines of JSON. Spans must have their fields formatted by [`JsonFields`].
pub(super) struct JsonLines;

impl<S> FormatEvent<S, JsonFields> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    JsonFields: for<'a> FormatFields<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = span_fields(context)?;
        let mut own = EventFields::default();
        event.record(&mut own);
        fields.extend(own.fields);
        let target = own.log_target.as_deref().unwrap_or(event.metadata().target());
        let line = line(event.metadata().level().as_str(), target, own.message.as_deref(), &fields);
        writeln!(writer, "{}", line.map_err(|_| fmt::Error)?)
    }
}

/// The fields of all spans around an event; an inner span's win over an outer one's.
fn span_fields<S>(context: &FmtContext<'_, S, JsonFields>) -> Result<Map<String, Value>, fmt::Error>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let mut fields = Map::new();
    for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
        let extensions = span.extensions();
        let Some(formatted) = extensions.get::<FormattedFields<JsonFields>>() else { continue };
        if !formatted.is_empty() {
            fields.extend(serde_json::from_str::<Map<String, Value>>(formatted).map_err(|_| fmt::Error)?);
        }
    }
    Ok(fields)
}

fn line(
    level: &str,
    target: &str,
    message: Option<&str>,
    fields: &Map<String, Value>,
) -> serde_json::Result<String> {
    let mut serializer = serde_json::Serializer::new(Vec::new());
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", &Timestamp::now().to_string())?;
    map.serialize_entry("level", level)?;
    map.serialize_entry("target", target)?;
    if let Some(message) = message {
        map.serialize_entry("message", message)?;
    }
    for (name, value) in fields.iter().filter(|(name, _)| !OWN_NAMES.contains(&name.as_str())) {
        map.serialize_entry(name, value)?;
    }
    SerializeMap::end(map)?;
    Ok(String::from_utf8_lossy(&serializer.into_inner()).into_owned())
}

/// An event's own fields.
#[derive(Default)]
struct EventFields {
    message: Option<String>,
    /// Where a line of the `log` crate came from; its event's own target is always `log`.
    log_target: Option<String>,
    fields: Map<String, Value>,
}

impl EventFields {
    fn keep(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", value) => {
                self.message = Some(value.as_str().map_or(value.to_string(), str::to_owned))
            }
            ("log.target", Value::String(target)) => self.log_target = Some(target),
            (name, _) if name.starts_with("log.") => {}
            (name, value) => {
                self.fields.insert(name.strip_prefix("r#").unwrap_or(name).to_owned(), value);
            }
        }
    }
}

impl Visit for EventFields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, value.into());
    }
}
