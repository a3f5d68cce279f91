use super::*;
use crate::domain::holder::HolderType;
use crate::domain::ids::{AccountId, LedgerId};
use crate::domain::patch::Patch;
use serde_json::{Map, json};
use uuid::Uuid;

fn alias_account(number: u128) -> AliasAccountInput {
    AliasAccountInput {
        ledger_id: LedgerId(Uuid::from_u128(1)),
        account_id: AccountId(Uuid::from_u128(number)),
        banking: Patch::Keep,
        regulatory: Patch::Keep,
        parties: Vec::new(),
        metadata: Map::new(),
    }
}

fn onboarding(accounts: impl IntoIterator<Item = u128>) -> OnboardHolder {
    OnboardHolder {
        holder: CreateHolder {
            holder_type: HolderType::LegalPerson,
            name: "Padaria Sol".to_owned(),
            document: "11.222.333/0001-81".to_owned(),
            external_id: None,
            addresses: Patch::Keep,
            contact: Patch::Keep,
            natural_person: Patch::Keep,
            legal_person: Patch::Keep,
            metadata: Map::new(),
            idempotency_key: None,
        },
        alias_accounts: accounts.into_iter().map(alias_account).collect(),
        idempotency_key: None,
    }
}

fn faults(input: OnboardHolder) -> Vec<(FaultCode, String)> {
    let faults = input.checked(&Guard::default()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

#[test]
fn a_holder_comes_with_its_alias_accounts_in_their_order() {
    let (checked, _) = onboarding([3, 1, 2]).checked(&Guard::default()).unwrap();
    let order: Vec<_> = checked.alias_accounts.iter().map(|account| account.account_id.0.as_u128()).collect();
    assert_eq!(order, [3, 1, 2]);
    assert_eq!(faults(onboarding([])), []);
}

#[test]
fn all_faults_of_the_holder_and_its_alias_accounts_come_together_each_with_its_path() {
    let mut input = onboarding([1, 2, 1, 1]);
    input.idempotency_key = Some(String::new());
    input.holder.name = String::new();
    input.holder.metadata = json!({"cpf": "x"}).as_object().unwrap().clone();
    input.alias_accounts[1].metadata = json!({"k": "maria@example.com"}).as_object().unwrap().clone();
    let expected = [
        (FaultCode::InvalidValue, "input/idempotencyKey"),
        (FaultCode::InvalidValue, "input/holder/name"),
        (FaultCode::MetadataSensitive, "input/holder/metadata/cpf"),
        (FaultCode::MetadataSensitive, "input/aliasAccounts/1/metadata/k"),
        (FaultCode::AccountInUse, "input/aliasAccounts/2/accountId"),
        (FaultCode::AccountInUse, "input/aliasAccounts/3/accountId"),
    ];
    assert_eq!(faults(input), expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn the_same_account_of_another_ledger_is_another_account() {
    let mut input = onboarding([1, 1]);
    input.alias_accounts[1].ledger_id = LedgerId(Uuid::from_u128(2));
    assert_eq!(faults(input), []);
}

#[test]
fn an_onboarding_has_at_most_100_alias_accounts() {
    assert_eq!(faults(onboarding(0..100)), []);
    assert_eq!(faults(onboarding(0..101)), [(FaultCode::TooLong, "input/aliasAccounts".to_owned())]);
}

#[test]
fn a_key_of_the_holder_is_not_looked_at_here_and_no_key_tells_one_input_from_another() {
    let written =
        |input: OnboardHolder| serde_json::to_value(input.checked(&Guard::default()).unwrap().0).unwrap();
    let mut keyed = onboarding([1]);
    keyed.holder.idempotency_key = Some(String::new());
    keyed.idempotency_key = Some("k".to_owned());
    assert_eq!(written(keyed), written(onboarding([1])));
    assert_ne!(written(onboarding([1])), written(onboarding([2])));
}

#[test]
fn what_warn_lets_through_comes_beside_the_value() {
    let mut input = onboarding([1]);
    input.holder.external_id = Some("maria@example.com".to_owned());
    input.alias_accounts[0].metadata = json!({"email": "x"}).as_object().unwrap().clone();
    let (_, warnings) = input.checked(&Guard::new(crate::domain::guard::GuardMode::Warn, [])).unwrap();
    let paths: Vec<_> = warnings.iter().map(|warning| warning.field.steps().join("/")).collect();
    assert_eq!(paths, ["input/holder/externalId", "input/aliasAccounts/0/metadata/email"]);
}
