//! Who gives an operator's command: the name that the audit trail is told.

use clap::Args;

/// A longer name would not be one.
const LONGEST: usize = 100;

/// The operator.
#[derive(Args)]
pub(super) struct Operator {
    /// Who you are, for the audit trail [default: the user of the system, else `operator`]
    #[arg(long = "as", value_name = "NAME", value_parser = named)]
    name: Option<String>,
}

impl Operator {
    /// As the audit trail calls them: `operator/<name>`.
    pub(super) fn subject(&self) -> String {
        let of_the_system =
            || ["USER", "LOGNAME"].iter().find_map(|name| named(&std::env::var(name).ok()?).ok());
        let name = self.name.clone().or_else(of_the_system);
        format!("operator/{}", name.as_deref().unwrap_or("operator"))
    }
}

fn named(text: &str) -> Result<String, String> {
    let is_named = |c: char| c.is_alphanumeric() || "-_.@+".contains(c);
    if !text.is_empty() && text.chars().count() <= LONGEST && text.chars().all(is_named) {
        return Ok(text.to_owned());
    }
    Err(format!("is no name: write up to {LONGEST} letters, digits and any of - _ . @ +"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_called_by_the_name_that_is_given() {
        let subject = |name: &str| Operator { name: Some(named(name).unwrap()) }.subject();
        assert_eq!(subject("maria.souza"), "operator/maria.souza");
        assert_eq!(subject("josé@crm"), "operator/josé@crm");
        assert!(Operator { name: None }.subject().starts_with("operator/"));
    }

    #[test]
    fn what_could_be_taken_for_something_else_in_a_trail_is_no_name() {
        for wrong in ["", " ", "a b", "a/b", "a\nb", "a\u{202e}b", &"x".repeat(101)] {
            assert!(named(wrong).is_err(), "{wrong:?}");
        }
    }
}
