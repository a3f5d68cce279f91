//! The inputs as the contract has them, to the letter.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

const CONTRACT: &str = "
scalar UUID scalar Date scalar Metadata
enum HolderType { NATURAL_PERSON LEGAL_PERSON }
enum RelatedPartyRole { PRIMARY_HOLDER LEGAL_REPRESENTATIVE RESPONSIBLE_PARTY }
enum DeletionMode { SOFT HARD }
type Query { nothing: Boolean }
input CreateHolderInput {
  type: HolderType! name: String! document: String! externalId: String addresses: AddressesInput
  contact: ContactInput naturalPerson: NaturalPersonInput legalPerson: LegalPersonInput metadata: Metadata
  idempotencyKey: String
}
input UpdateHolderInput {
  id: ID! expectedVersion: Int name: String externalId: String addresses: AddressesInput contact: ContactInput
  naturalPerson: NaturalPersonInput legalPerson: LegalPersonInput metadata: Metadata idempotencyKey: String
}
input DeleteHolderInput { id: ID! mode: DeletionMode! = SOFT expectedVersion: Int idempotencyKey: String }
input RestoreHolderInput { id: ID! expectedVersion: Int idempotencyKey: String }
input OnboardHolderInput {
  holder: CreateHolderInput! aliasAccounts: [OnboardAliasAccountInput!]! idempotencyKey: String
}
input OnboardAliasAccountInput {
  ledgerId: UUID! accountId: UUID! bankingDetails: BankingDetailsInput regulatoryFields: RegulatoryFieldsInput
  relatedParties: [RelatedPartyInput!] metadata: Metadata
}
input CreateAliasAccountInput {
  holderId: ID! ledgerId: UUID! accountId: UUID! bankingDetails: BankingDetailsInput
  regulatoryFields: RegulatoryFieldsInput relatedParties: [RelatedPartyInput!] metadata: Metadata
  idempotencyKey: String
}
input UpdateAliasAccountInput {
  id: ID! expectedVersion: Int bankingDetails: BankingDetailsInput regulatoryFields: RegulatoryFieldsInput
  metadata: Metadata idempotencyKey: String
}
input DeleteAliasAccountInput { id: ID! mode: DeletionMode! = SOFT expectedVersion: Int idempotencyKey: String }
input RestoreAliasAccountInput { id: ID! expectedVersion: Int idempotencyKey: String }
input VerifyAliasAccountInput { id: ID! }
input AddRelatedPartyInput {
  aliasAccountId: ID! relatedParty: RelatedPartyInput! expectedVersion: Int idempotencyKey: String
}
input UpdateRelatedPartyInput {
  aliasAccountId: ID! id: ID! name: String role: RelatedPartyRole startDate: Date endDate: Date
  expectedVersion: Int idempotencyKey: String
}
input RemoveRelatedPartyInput { aliasAccountId: ID! id: ID! expectedVersion: Int idempotencyKey: String }
input AddressesInput { primary: AddressInput additional1: AddressInput additional2: AddressInput }
input AddressInput {
  line1: String line2: String zipCode: String city: String state: String country: String description: String
}
input ContactInput { primaryEmail: String secondaryEmail: String mobilePhone: String otherPhone: String }
input NaturalPersonInput {
  favoriteName: String socialName: String gender: String birthDate: Date civilStatus: String nationality: String
  motherName: String fatherName: String status: String
}
input LegalPersonInput {
  tradeName: String activity: String type: String foundingDate: Date size: String status: String
  representative: RepresentativeInput
}
input RepresentativeInput { name: String document: String email: String role: String }
input BankingDetailsInput {
  branch: String account: String type: String openingDate: Date closingDate: Date iban: String
  countryCode: String bankId: String
}
input RegulatoryFieldsInput { participantDocument: String }
input RelatedPartyInput {
  document: String! name: String! role: RelatedPartyRole! startDate: Date! endDate: Date
}
";

/// The schema of the test, as it is printed.
pub(super) fn printed() -> Schema {
    Schema::parse(super::schema().sdl(), "printed.graphql").unwrap()
}

/// Each field of each input, and each value of each enum, as one line.
fn lines(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, of) in schema.types.iter().filter(|(_, of)| !of.is_built_in()) {
        match of {
            ExtendedType::InputObject(input) => lines.extend(input.fields.iter().map(|(field, of)| {
                let default =
                    of.default_value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
                format!("{name}.{field}: {}{default}", of.ty)
            })),
            ExtendedType::Enum(values) => {
                lines.extend(values.values.keys().map(|value| format!("{name}.{value}")));
            }
            _ => {}
        }
    }
    lines.sort();
    lines
}

#[test]
fn every_input_is_printed_as_the_contract_has_it() {
    let contract = lines(&Schema::parse(CONTRACT, "contract.graphql").unwrap());
    assert_eq!(lines(&printed()), contract);
}

#[test]
fn every_input_field_and_enum_value_has_a_description() {
    let schema = printed();
    let missing = schema.types.iter().filter(|(_, of)| !of.is_built_in()).flat_map(|(name, of)| match of {
        ExtendedType::InputObject(input) => {
            let fields = input.fields.iter().filter(|(_, of)| of.description.is_none());
            let of_type = of.description().is_none().then(|| name.to_string());
            of_type.into_iter().chain(fields.map(|(field, _)| format!("{name}.{field}"))).collect()
        }
        ExtendedType::Enum(values) => {
            let values = values.values.iter().filter(|(_, of)| of.description.is_none());
            values.map(|(value, _)| format!("{name}.{value}")).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    });
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}
