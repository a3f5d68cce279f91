//! Documents of China, Taiwan, Japan, Korea, Thailand and Viet Nam.

use super::super::checks::{missing_to, mod_11_2, values, weighted, weighted_from_right};
use super::super::dice::Dice;
use super::Facts;
use super::near_east::in_digits_from;

/// Divisions of China, as its documents number them.
const DIVISIONS: [&str; 8] = ["110105", "310115", "440305", "330106", "510107", "420106", "370202", "610113"];

/// Identity number of Chinese citizens: division, day of birth, serial number and sex.
pub(in super::super) fn resident_number(dice: &mut Dice, facts: Facts) -> String {
    let born = facts.born;
    let (division, serial) = (dice.one_of(&DIVISIONS), dice.below(100));
    let sex = facts.odd_for_men(dice);
    let number = format!("{division}{:04}{:02}{:02}{serial:02}{sex}", born.year, born.month, born.day);
    format!("{number}{}", mod_11_2(&number))
}

/// Unified credit code of Chinese companies, with the organisation's own code and its check inside.
pub(in super::super) fn credit_code(dice: &mut Dice, _: Facts) -> String {
    /// Letters that look like digits are left out.
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let own: String = (0..8).map(|_| dice.character(ALPHABET)).collect();
    let own_check = missing_to(11, weighted(&own, &[3, 7, 9, 10, 5, 8, 4, 2]));
    let own_check = char::from_digit(own_check, 10).unwrap_or('X');
    let code = format!("91{}{own}{own_check}", dice.one_of(&DIVISIONS));
    let value =
        |c: char| ALPHABET.chars().zip(0..).find(|(known, _)| *known == c).map_or(0, |(_, value)| value);
    // The weights are the powers of three.
    let (sum, _) =
        code.chars().fold((0, 1), |(sum, weight), c| ((sum + value(c) * weight) % 31, weight * 3 % 31));
    let check = usize::try_from(missing_to(31, sum)).unwrap_or_default();
    format!("{code}{}", ALPHABET.chars().nth(check).unwrap_or('0'))
}

/// Identity number of natural persons in Taiwan: place, sex, serial number.
pub(in super::super) fn taiwanese_number(dice: &mut Dice, facts: Facts) -> String {
    /// Places in the order of their numbers, from 10 on.
    const PLACES: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let place = dice.below(26);
    let letter = PLACES.chars().nth(usize::try_from(place).unwrap_or_default()).unwrap_or('A');
    let number = format!("{}{}", facts.choose(1, 2), dice.fill("#######"));
    let sum = weighted(&format!("{}{number}", place + 10), &[1, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    format!("{letter}{number}{}", missing_to(10, sum))
}

/// Number of a company in Taiwan. A 7 in the seventh place is left out: there, two sums are right.
pub(in super::super) fn taiwanese_company(dice: &mut Dice, _: Facts) -> String {
    let number = format!("{}{}", dice.fill("######"), dice.character("012345689"));
    let products = values(&number).zip([1, 2, 1, 2, 1, 2, 4]).map(|(value, weight)| value * weight);
    let sum = products.map(|product| product / 10 + product % 10).sum();
    format!("{number}{}", missing_to(10, sum))
}

/// Individual number of natural persons in Japan.
pub(in super::super) fn my_number(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("###########");
    let check = missing_to(11, weighted_from_right(&number, &[2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6])) % 10;
    format!("{number}{check}")
}

/// Corporate number of companies in Japan: the check stands first.
pub(in super::super) fn corporate_number(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("############");
    let check = 9 - weighted_from_right(&number, &[1, 2]) % 9;
    format!("{check}{number}")
}

/// Resident registration number of Koreans: day of birth, century and sex, and more.
pub(in super::super) fn korean_number(dice: &mut Dice, facts: Facts) -> String {
    let century = if facts.born.year < 2000 { 0 } else { 2 };
    let front = facts.born.six_digits();
    let back = format!("{}{}", century + facts.choose(1, 2), dice.fill("#####"));
    let sum = weighted(&format!("{front}{back}"), &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    format!("{front}-{back}{}", (11 - sum % 11) % 10)
}

/// Registration number of companies in Korea.
pub(in super::super) fn korean_company(dice: &mut Dice, _: Facts) -> String {
    let (office, kind, serial) = (dice.between(101, 699), dice.between(81, 88), dice.fill("####"));
    let number = format!("{office}{kind}{serial}");
    let ninth = values(&number).next_back().unwrap_or_default();
    let sum = weighted(&number, &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + ninth * 5 / 10;
    format!("{office}-{kind}-{serial}{}", missing_to(10, sum))
}

/// Identity number of natural persons in Thailand; some write it with the digits of the country.
pub(in super::super) fn thai_number(dice: &mut Dice, _: Facts) -> String {
    let number = thai(&format!("{}{}", dice.between(1, 8), dice.fill("###########")));
    if dice.chance(80) { number } else { in_digits_from('๐', &number) }
}

/// The same of companies, which begins with zero.
pub(in super::super) fn thai_company(dice: &mut Dice, _: Facts) -> String {
    thai(&dice.fill("0###########"))
}

fn thai(number: &str) -> String {
    let sum = weighted_from_right(number, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    format!("{number}{}", (11 - sum % 11) % 10)
}

/// Citizen's number of Viet Nam: province, century and sex, year of birth, serial number.
pub(in super::super) fn vietnamese_number(dice: &mut Dice, facts: Facts) -> String {
    let province = dice.between(1, 96);
    let century = if facts.born.year < 2000 { 0 } else { 2 };
    let sex = century + facts.choose(0, 1);
    format!("{province:03}{sex}{:02}{}", facts.born.short_year(), dice.fill("######"))
}

/// Tax number of companies in Viet Nam.
pub(in super::super) fn vietnamese_company(dice: &mut Dice, _: Facts) -> String {
    loop {
        let number = dice.fill("0%#######");
        let sum = weighted(&number, &[31, 29, 23, 19, 17, 13, 7, 5, 3]);
        // A remainder of nothing would need a check of two digits.
        if let check @ 0..10 = 10 - sum % 11 {
            return format!("{number}{check}");
        }
    }
}
