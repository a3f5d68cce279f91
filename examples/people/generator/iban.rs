//! IBANs of many countries: each of its country's length and structure, with the check digits of MOD 97-10. What some
//! countries check inside of the national part is not computed.

use super::checks::mod_97;
use super::dice::Dice;

/// The national parts by the registry of ISO 13616: what leads, bank, branch, what stands between, account, the rest.
const STRUCTURES: &[(&str, [&str; 6])] = &[
    ("AD", ["", "####", "####", "", "############", ""]),
    ("AE", ["", "0##", "", "", "################", ""]),
    ("AL", ["", "###", "####", "#", "################", ""]),
    ("AT", ["", "%####", "", "", "###########", ""]),
    ("AZ", ["", "@@@@", "", "", "00000000############", ""]),
    ("BA", ["", "###", "###", "", "########", "##"]),
    ("BE", ["", "###", "", "", "#######", "##"]),
    ("BG", ["", "@@@@", "####", "10", "########", ""]),
    ("BR", ["", "########", "0####", "", "##########", "C1"]),
    ("CH", ["", "0####", "", "", "############", ""]),
    ("CY", ["", "###", "#####", "", "0000############", ""]),
    ("CZ", ["", "0#00", "", "", "000000##########", ""]),
    ("DE", ["", "%#######", "", "", "##########", ""]),
    ("DK", ["", "####", "", "", "##########", ""]),
    ("DO", ["", "@@@@", "", "", "00000000############", ""]),
    ("EE", ["", "##", "", "", "##############", ""]),
    ("EG", ["", "00##", "0###", "", "#################", ""]),
    ("ES", ["", "####", "####", "##", "##########", ""]),
    ("FI", ["", "###", "", "", "###########", ""]),
    ("FR", ["", "#####", "#####", "", "####@######", "##"]),
    ("GB", ["", "@@@@", "######", "", "########", ""]),
    ("GE", ["", "@@", "", "", "################", ""]),
    ("GI", ["", "@@@@", "", "", "000############", ""]),
    ("GR", ["", "0##", "####", "", "0000############", ""]),
    ("HR", ["", "#######", "", "", "##########", ""]),
    ("HU", ["", "###", "####", "#", "###############", "#"]),
    ("IE", ["", "@@@@", "######", "", "########", ""]),
    ("IL", ["", "0##", "###", "", "0000#########", ""]),
    ("IS", ["", "0###", "", "26", "######", "##########"]),
    ("IT", ["@", "0####", "#####", "", "############", ""]),
    ("JO", ["", "@@@@", "0###", "", "000000############", ""]),
    ("KW", ["", "@@@@", "", "", "0000000000############", ""]),
    ("KZ", ["", "###", "", "", "##@##########", ""]),
    ("LB", ["", "0###", "", "", "00000000############", ""]),
    ("LT", ["", "#####", "", "", "###########", ""]),
    ("LU", ["", "0##", "", "", "#############", ""]),
    ("LV", ["", "@@@@", "", "", "#############", ""]),
    ("MT", ["", "@@@@", "#####", "", "000000############", ""]),
    ("NL", ["", "@@@@", "", "", "0#########", ""]),
    ("NO", ["", "####", "", "", "######", "#"]),
    ("PK", ["", "@@@@", "", "", "0000############", ""]),
    ("PL", ["", "########", "", "", "################", ""]),
    ("PT", ["", "00##", "####", "", "###########", "##"]),
    ("QA", ["", "@@@@", "", "", "000000000############", ""]),
    ("RO", ["", "@@@@", "", "", "@###############", ""]),
    ("RS", ["", "###", "", "", "#############", "##"]),
    ("SA", ["", "##", "", "", "000000############", ""]),
    ("SE", ["", "###", "", "", "################", "#"]),
    ("SI", ["", "##", "###", "", "########", "##"]),
    ("SK", ["", "##00", "", "", "000000##########", ""]),
    ("TR", ["", "000##", "", "0", "################", ""]),
    ("UA", ["", "3#####", "", "", "00000##############", ""]),
];

/// An account by its IBAN.
pub(super) struct Account {
    pub(super) country: &'static str,
    /// In the electronic form, without spaces.
    pub(super) iban: String,
    pub(super) bank: String,
    /// `None` where the country's IBANs have none.
    pub(super) branch: Option<String>,
    pub(super) number: String,
}

/// An account in this country; `None` where it has no IBANs.
pub(super) fn account_in(dice: &mut Dice, country: &str) -> Option<Account> {
    let (country, structure) = STRUCTURES.iter().find(|(known, _)| *known == country)?;
    Some(account(dice, country, structure))
}

/// An account in any of the countries.
pub(super) fn account_anywhere(dice: &mut Dice) -> Option<Account> {
    let (country, structure) = dice.weighed(STRUCTURES, |_| 1)?;
    Some(account(dice, country, structure))
}

fn account(dice: &mut Dice, country: &'static str, structure: &[&str; 6]) -> Account {
    let parts = structure.map(|pattern| dice.fill(pattern));
    let national = parts.concat();
    let checks = 98 - mod_97(&format!("{national}{country}00"));
    let [_, bank, branch, _, number, _] = parts;
    let branch = (!branch.is_empty()).then_some(branch);
    Account { country, iban: format!("{country}{checks:02}{national}"), bank, branch, number }
}

/// The form for people: groups of four.
pub(super) fn in_groups(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
