//! The personal details of a holder, as they are given: the same types create and update.

use crate::domain::holder as domain;
use crate::graphql::scalars::DateScalar;
use async_graphql::{InputObject, MaybeUndefined};

/// Defines an input type, and the way to the domain's patch of the same name.
macro_rules! merged {
    ($(#[$meta:meta])* $name:ident => $patch:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(InputObject)]
        $(#[$meta])*
        pub(in crate::graphql) struct $name { $($(#[$field_meta])* $field: MaybeUndefined<$type>,)* }

        impl From<$name> for domain::$patch {
            fn from(value: $name) -> Self {
                let $name { $($field,)* } = value;
                Self { $($field: $field.into(),)* }
            }
        }
    };
}

merged! {
    /// Up to three addresses of a holder. In an update an address that is left out stays as it is, null removes it, and one that is given is merged line by line with the stored one (RFC 7396). Sealed at rest.
    AddressesInput => AddressesPatch {
        /// The main address.
        primary: AddressInput,
        /// A second address.
        additional1: AddressInput,
        /// A third address.
        additional2: AddressInput,
    }
}

merged! {
    /// One postal address. Where it is new, line1, zipCode, city, state and country are needed (REQUIRED); in an update of a stored one, a line that is left out stays as it is and null clears it where it may be empty. A blank text or one with invisible characters is INVALID_VALUE, a longer one TOO_LONG. Sealed at rest.
    AddressInput => AddressPatch {
        /// Street and number, at most 256 characters. Null is refused (REQUIRED).
        line1: String,
        /// Flat, floor or building, at most 256 characters.
        line2: String,
        /// Postal code as it is written in that country, at most 256 characters. Null is refused (REQUIRED).
        zip_code: String,
        /// City, at most 256 characters. Null is refused (REQUIRED).
        city: String,
        /// State, province or region, at most 256 characters. Null is refused (REQUIRED).
        state: String,
        /// ISO 3166-1 alpha-2 in capitals, for example `BR`; anything else is INVALID_VALUE, null is refused (REQUIRED).
        country: String,
        /// What the address is for, in at most 100 characters.
        description: String,
    }
}

merged! {
    /// How to reach a holder. In an update it is merged field by field (RFC 7396): what is left out stays as it is, null clears it. A blank text or one with invisible characters is INVALID_VALUE, a longer one TOO_LONG. Sealed at rest.
    ContactInput => ContactPatch {
        /// First e-mail address, at most 256 characters; without something on both sides of an `@` it is INVALID_VALUE.
        primary_email: String,
        /// Second e-mail address, at most 256 characters; without something on both sides of an `@` it is INVALID_VALUE.
        secondary_email: String,
        /// Mobile telephone number in any writing, at most 256 characters.
        mobile_phone: String,
        /// Another telephone number in any writing, at most 256 characters.
        other_phone: String,
    }
}

merged! {
    /// Details of a human being; may be given with either type of holder. In an update it is merged field by field (RFC 7396): what is left out stays as it is, null clears it. A blank text or one with invisible characters is INVALID_VALUE, a longer one TOO_LONG. Sealed at rest.
    NaturalPersonInput => NaturalPersonPatch {
        /// The name that the person likes to be called by, at most 256 characters.
        favorite_name: String,
        /// Social name, at most 256 characters.
        social_name: String,
        /// Gender in your own words, at most 256 characters.
        gender: String,
        /// Day of birth.
        birth_date: DateScalar,
        /// Civil status in your own words, at most 256 characters.
        civil_status: String,
        /// Nationality in your own words, at most 256 characters.
        nationality: String,
        /// The mother's name, at most 256 characters.
        mother_name: String,
        /// The father's name, at most 256 characters.
        father_name: String,
        /// Status in your own words, at most 256 characters.
        status: String,
    }
}

merged! {
    /// Details of a company or another organisation; may be given with either type of holder. In an update it is merged field by field (RFC 7396): what is left out stays as it is, null clears it. A blank text or one with invisible characters is INVALID_VALUE, a longer one TOO_LONG. Sealed at rest.
    LegalPersonInput => LegalPersonPatch {
        /// Trade name, at most 256 characters.
        trade_name: String,
        /// Line of business, at most 256 characters.
        activity: String,
        /// Legal form in your own words, at most 256 characters.
        #[graphql(name = "type")]
        kind: String,
        /// Day of foundation.
        founding_date: DateScalar,
        /// Size in your own words, at most 256 characters.
        size: String,
        /// Status in your own words, at most 256 characters.
        status: String,
        /// Who acts for the company; in an update merged field by field, null removes it.
        representative: RepresentativeInput,
    }
}

merged! {
    /// Who acts for a company. In an update it is merged field by field (RFC 7396): what is left out stays as it is, null clears it. Sealed at rest.
    RepresentativeInput => RepresentativePatch {
        /// Full name, at most 256 characters.
        name: String,
        /// Document in any writing, at most 64 characters.
        document: String,
        /// E-mail address, at most 256 characters; without something on both sides of an `@` it is INVALID_VALUE.
        email: String,
        /// Role in the company in your own words, at most 256 characters.
        role: String,
    }
}
