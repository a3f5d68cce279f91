//! The personal details of a holder: output types and, of the same shape, input types.

use super::scalars::DateScalar;
use crate::domain::holder as domain;
use async_graphql::{InputObject, SimpleObject};

/// Defines an output type and its input twin, and the ways from and to the domain's type of the same name.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Clone, Default, SimpleObject, InputObject)]
        $(#[$meta])*
        pub(super) struct $name { $($(#[$field_meta])* $field: Option<$type>,)* }

        impl From<domain::$name> for $name {
            fn from(value: domain::$name) -> Self {
                let domain::$name { $($field,)* } = value;
                Self { $($field: $field.map(Into::into),)* }
            }
        }

        impl From<$name> for domain::$name {
            fn from(value: $name) -> Self {
                let $name { $($field,)* } = value;
                Self { $($field: $field.map(Into::into),)* }
            }
        }
    };
}

mirror! {
    /// Up to three addresses of a holder.
    #[graphql(input_name = "AddressesInput")]
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
    /// One postal address. A new one needs line1, zipCode, city, state and country.
    #[graphql(input_name = "AddressInput")]
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
        /// What the address is for, in at most 100 characters.
        description: String,
    }
}

mirror! {
    /// How to reach a holder.
    #[graphql(input_name = "ContactInput")]
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
    /// Details of a human being.
    #[graphql(input_name = "NaturalPersonInput")]
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
    /// Details of a company or another organisation.
    #[graphql(input_name = "LegalPersonInput")]
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
    /// Who acts for a company.
    #[graphql(input_name = "RepresentativeInput")]
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
