use super::*;

fn judged(text: &str) -> bool {
    let mut faults = Faults::default();
    Guard::default().judge_text(&mut faults, &FieldPath::input(), "key", text);
    !faults.faults.is_empty()
}

#[test]
fn texts_that_look_like_personal_data_are_refused() {
    for text in [
        "91315026015",
        "913.150.260-15",
        "the customer 913.150.260-15 called",
        "９１３１５０２６０１５",
        "cust-91315026015",
        "91315026015-1",
        "913.150.260\u{2011}15",
        "913.150.260−15",
        "id 0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b of 91315026015",
        "11222333000181",
        "11.222.333/0001-81",
        "12.ABC.345/01DE-35",
        "12ABC34501DE35",
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "378282246310005",
        "5555555555554444",
        "GB82WEST12345698765432",
        "GB82 WEST 1234 5698 7654 32",
        "de89 3704 0044 0532 0130 00",
        "BR1800360305000010009795493C1",
        "pay to NO9386011117947 today",
        "maria@example.com",
        "Maria <maria.silva+x@mail.example.com.br>",
        "+55 11 91234-5678",
        "+5511912345678",
        "call +1 (555) 010-9999",
    ] {
        assert!(judged(text), "{text}");
    }
}

#[test]
fn texts_that_only_resemble_personal_data_pass() {
    for text in [
        "",
        "gold",
        "91315026014",
        "11111111111",
        "913.150.260-16",
        "0190a3b4-7c2d-7e1f-8a9b-091315026015",
        "12345678-1234-4234-8234-411111111111",
        "4111111111111112",
        "1763925185042",
        "1763925185042123",
        "2026-11-23",
        "2026-11-23T19:13:05+00:00",
        "20261123191305",
        "ORD-2026-000123",
        "order 4711",
        "BR",
        "BRL",
        "v1.2.3+build.20261123",
        "GMT+0300",
        "@handle",
        "user@localhost",
        "a @ b",
        "GB82WEST12345698765433",
        "1+12345678",
        "913150260150",
        "x91315026015",
    ] {
        assert!(!judged(text), "{text}");
    }
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
