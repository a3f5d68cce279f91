mod passes;
mod refused;

use super::*;
use passes::PASSES;
use proptest::prelude::*;
use refused::{IBANS, REFUSED, SAID_OF_IBANS};

#[test]
fn texts_that_look_like_personal_data_are_refused_for_the_right_reason() {
    assert!(REFUSED.len() >= 80);
    let wrong: Vec<_> = REFUSED
        .iter()
        .filter(|(expected, text)| looks_like(text) != Some(expected))
        .map(|(expected, text)| (expected, text, looks_like(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn ibans_of_many_countries_are_refused_in_every_writing() {
    assert!(IBANS.len() >= 25);
    for iban in IBANS {
        let characters: Vec<char> = iban.chars().collect();
        let grouped = |between: &str| {
            let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
            groups.join(between)
        };
        let inside = format!("pay to {} today", grouped(" "));
        for text in [(*iban).to_owned(), grouped(" "), grouped("-"), iban.to_lowercase(), inside] {
            assert_eq!(looks_like(&text), Some(SAID_OF_IBANS), "{text}");
        }
    }
}

#[test]
fn an_iban_with_any_one_digit_changed_passes() {
    for iban in IBANS {
        for at in 4..iban.len() {
            let Some(digit) = iban.chars().nth(at).and_then(|c| c.to_digit(10)) else { continue };
            let changed = format!("{}{}{}", &iban[..at], (digit + 1) % 10, &iban[at + 1..]);
            assert_ne!(looks_like(&changed), Some(SAID_OF_IBANS), "{changed}");
        }
    }
}

#[test]
fn texts_that_only_resemble_personal_data_pass() {
    assert!(PASSES.len() >= 120);
    let wrong: Vec<_> = PASSES.iter().filter(|(_, text)| looks_like(text).is_some()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn keys_that_name_personal_data_are_refused_only_when_equal() {
    for (key, refused) in [
        ("cpf", true),
        ("C.P.F", true),
        ("E-Mail", true),
        ("Date Of Birth", true),
        ("date_of_birth", true),
        ("pan", true),
        ("company", false),
        ("cpfStatus", false),
        ("documentation", false),
        ("panel", false),
    ] {
        let mut faults = Faults::default();
        Guard::default().judge_key(&mut faults, &FieldPath::input(), key);
        assert_eq!(!faults.faults.is_empty(), refused, "{key}");
    }
}

#[test]
fn of_numbers_only_cpf_and_cnpj_are_judged() {
    for (number, refused) in [
        ("91315026015", true),
        ("11222333000181", true),
        ("4111111111111111", false),
        ("1", false),
        ("-91315026015", false),
        ("1.5", false),
    ] {
        let mut faults = Faults::default();
        Guard::default().judge_number(&mut faults, &FieldPath::input(), "key", number);
        assert_eq!(!faults.faults.is_empty(), refused, "{number}");
    }
}

#[test]
fn warn_lets_through_and_tells_off_and_allowed_keys_are_not_judged() {
    let judge = |guard: Guard| {
        let mut faults = Faults::default();
        guard.judge_text(&mut faults, &FieldPath::input(), "ref", "maria@example.com");
        (faults.faults.len(), faults.warnings.len())
    };
    assert_eq!(judge(Guard::new(GuardMode::Reject, [])), (1, 0));
    assert_eq!(judge(Guard::new(GuardMode::Warn, [])), (0, 1));
    assert_eq!(judge(Guard::new(GuardMode::Off, [])), (0, 0));
    assert_eq!(judge(Guard::new(GuardMode::Reject, ["ref".to_owned()])), (0, 0));
    assert_eq!(judge(Guard::new(GuardMode::Reject, ["other".to_owned()])), (1, 0));
}

#[test]
fn the_message_names_the_setting_and_not_the_value() {
    let mut faults = Faults::default();
    Guard::default().judge_text(&mut faults, &FieldPath::input(), "ref", "maria@example.com");
    let message = &faults.faults[0].message;
    assert!(message.contains("METADATA_GUARD_ALLOW") && message.contains("METADATA_GUARD"));
    assert!(!message.contains("maria"));
}

/// The check digits of a taxpayer number, as the authority publishes them: weights from the left.
fn with_check_digits(body: &[u32], first: &[u32], second: &[u32]) -> Vec<u32> {
    let mut digits = body.to_vec();
    for weights in [first, second] {
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        digits.push(if sum % 11 < 2 { 0 } else { 11 - sum % 11 });
    }
    digits
}

fn text_of(digits: &[u32]) -> String {
    digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

proptest! {
    #[test]
    fn every_cpf_is_refused_and_none_with_a_digit_changed(
        body in proptest::collection::vec(0_u32..10, 9),
        at in 0_usize..11,
        by in 1_u32..10,
    ) {
        let placeholder = body.windows(2).all(|pair| pair[0] == pair[1]);
        let mut digits = with_check_digits(&body, &[10, 9, 8, 7, 6, 5, 4, 3, 2], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        let cpf = text_of(&digits);
        let dotted = format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..]);
        for text in [&cpf, &dotted] {
            prop_assert_eq!(looks_like(text), (!placeholder).then_some("looks like a CPF"), "{}", text);
        }
        digits[at] = (digits[at] + by) % 10;
        // Two wrongs may make a right where 10 and 11 both become 0; one of the two check digits then still tells.
        let body = &digits[..9];
        let right = with_check_digits(body, &[10, 9, 8, 7, 6, 5, 4, 3, 2], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        let placeholder = digits.windows(2).all(|pair| pair[0] == pair[1]);
        prop_assert_eq!(looks_like(&text_of(&digits)).is_some(), right == digits && !placeholder);
    }

    #[test]
    fn every_cnpj_is_refused(body in proptest::collection::vec(0_u32..10, 12)) {
        let second = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
        let cnpj = text_of(&with_check_digits(&body, &second[1..], &second));
        let placeholder = cnpj.bytes().all(|b| cnpj.as_bytes()[0] == b);
        let (a, b, c) = (&cnpj[..2], &cnpj[2..5], &cnpj[5..8]);
        let dotted = format!("{a}.{b}.{c}/{}-{}", &cnpj[8..12], &cnpj[12..]);
        for text in [&cnpj, &dotted] {
            prop_assert_eq!(looks_like(text), (!placeholder).then_some("looks like a CNPJ"), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_the_guard_fail(text in any::<String>(), digits in "[0-9 .+@/A-Z-]{0,60}") {
        looks_like(&text);
        looks_like(&digits);
    }
}
