//! What each kind of person may do, in the words of Access Manager. The same in every organization.

/// A kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Everything.
    Admin,
    /// Read, create, change and delete; an application's rights too.
    Editor,
    /// Read, create and change.
    Contributor,
    /// Read.
    Viewer,
    /// Nothing.
    Nobody,
}

/// The products that grants are given for: this service by its own name, and a v4 ledger's.
pub(super) const PRODUCTS: [&str; 2] = ["plugin-crm", "midaz"];

impl Role {
    /// Whether it is allowed; what is not granted is not.
    pub(super) fn may(self, product: &str, resource: &str, action: &str) -> bool {
        PRODUCTS.contains(&product) && self.actions(resource).contains(&action)
    }

    fn actions(self, resource: &str) -> &'static [&'static str] {
        match (self, resource) {
            (Self::Admin, "holders" | "aliases" | "instruments") => {
                &["get", "post", "patch", "delete", "purge"]
            }
            (Self::Admin, "audit" | "holders-pii") => &["get"],
            (Self::Editor, "holders" | "aliases" | "instruments") => &["get", "post", "patch", "delete"],
            (Self::Contributor, "holders" | "aliases" | "instruments") => &["get", "post", "patch"],
            (Self::Viewer, "holders" | "aliases" | "instruments") => &["get"],
            _ => &[],
        }
    }
}
