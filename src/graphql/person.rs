//! The personal details of a holder, as they are read.

use super::scalars::DateScalar;
use crate::domain::holder as domain;
use async_graphql::SimpleObject;

/// Defines an output type, and the way from the domain's type of the same name.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Clone, Default, SimpleObject)]
        $(#[$meta])*
        pub(super) struct $name { $($(#[$field_meta])* $field: Option<$type>,)* }

        impl From<domain::$name> for $name {
            fn from(value: domain::$name) -> Self {
                let domain::$name { $($field,)* } = value;
                Self { $($field: $field.map(Into::into),)* }
            }
        }
    };
}

mirror! {
    /// Up to three addresses of a holder. Sealed at rest.
    Addresses {
        /// The main address.
        primary: Address,
        /// A second address.
        additional1: Address,
        /// A third address.
        additional2: Address,
    }
}

mirror! {
    /// One postal address. Sealed at rest.
    Address {
        /// Street and number.
        line1: String,
        /// Flat, floor or building.
        line2: String,
        /// Postal code, as it is written in that country.
        zip_code: String,
        /// City.
        city: String,
        /// State, province or region.
        state: String,
        /// ISO 3166-1 alpha-2 in capitals, for example `BR`.
        country: String,
        /// What the address is for.
        description: String,
    }
}

mirror! {
    /// How to reach a holder. Sealed at rest.
    Contact {
        /// First e-mail address.
        primary_email: String,
        /// Second e-mail address.
        secondary_email: String,
        /// Mobile telephone number.
        mobile_phone: String,
        /// Another telephone number.
        other_phone: String,
    }
}

mirror! {
    /// Details of a human being. Sealed at rest.
    NaturalPerson {
        /// The name that the person likes to be called by.
        favorite_name: String,
        /// Social name.
        social_name: String,
        /// Gender, in the client's own words.
        gender: String,
        /// Day of birth.
        birth_date: DateScalar,
        /// Civil status, in the client's own words.
        civil_status: String,
        /// Nationality, in the client's own words.
        nationality: String,
        /// The mother's name.
        mother_name: String,
        /// The father's name.
        father_name: String,
        /// Status, in the client's own words.
        status: String,
    }
}

mirror! {
    /// Details of a company or another organisation. Sealed at rest.
    LegalPerson {
        /// Trade name.
        trade_name: String,
        /// Line of business.
        activity: String,
        /// Legal form, in the client's own words.
        #[graphql(name = "type")]
        kind: String,
        /// Day of foundation.
        founding_date: DateScalar,
        /// Size, in the client's own words.
        size: String,
        /// Status, in the client's own words.
        status: String,
        /// Who acts for the company.
        representative: Representative,
    }
}

mirror! {
    /// Who acts for a company. Sealed at rest.
    Representative {
        /// Full name.
        name: String,
        /// Document, as it was written.
        document: String,
        /// E-mail address.
        email: String,
        /// Role in the company, in the client's own words.
        role: String,
    }
}
