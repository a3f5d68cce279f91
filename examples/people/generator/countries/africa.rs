//! Ethiopia and Nigeria.

use super::{Bank, BySex, Country, Names, Pattern, Places, Words};

pub(super) fn all() -> Vec<Country> {
    vec![ethiopia(), nigeria()]
}

fn ethiopia() -> Country {
    Country {
        code: "ET",
        weight: 2,
        nationality: "ኢትዮጵያዊ",
        names: Names {
            forms: Words::of("1 3, 1 3 3"),
            given: BySex::of("አበበች, ሰላም, ሕይወት, ትዕግስት, ማርታ, ፀሐይ", "አበበ, ዳዊት, ሀይሌ, ተስፋዬ, ዮሐንስ, ጌታቸው"),
            family: BySex::same("ተክሌ, መኮንን, ወልደማርያም"),
            middle: BySex::same("ከበደ, ታደሰ, ገብረመድኅን, አለሙ, በቀለ, ኃይለሥላሴ"),
            company_forms: Words::of("2 4, 1 እና ልጆቹ 4"),
            lines: Words::of("ንግድ, ቡና ላኪ, ትራንስፖርት, ማተሚያ ቤት"),
        },
        places: Places {
            cities: Words::of("አዲስ አበባ/አዲስ አበባ, ጎንደር/አማራ, መቐለ/ትግራይ, ሐረር/ሐረሪ"),
            streets: Words::of("ቦሌ መንገድ, ቸርችል ጎዳና, ፒያሳ"),
            line: "§ %#",
            zip: "1###",
        },
        phones: Words::of("+251 91 ### ####"),
        natural: &[(60, Pattern("%### #### #### ####")), (40, Pattern("EP#######"))],
        legal: &[(100, Pattern("00########"))],
        bank: Some(Bank { bank: "@@@@ETAA", branch: "", account: "1000#########" }),
    }
}

fn nigeria() -> Country {
    Country {
        code: "NG",
        weight: 3,
        nationality: "Nigerian",
        names: Names {
            forms: Words::of("1 2, 1 1 2, 2 1"),
            given: BySex::of(
                "Ọlájùmọ̀kẹ́, Adéọlá, Ṣadé, Ngọzi, Chịnyere, Aishatu, Yétúndé, Ɗanladi",
                "Olúwaṣẹ́gun, Adébáyọ̀, Ṣọlá, Chukwuemeka, Ụzọma, Ibrahim, Bàbátúndé, Ƙasimu",
            ),
            family: BySex::same("Adéyẹmí, Ọkọ́yẹ́, Okonkwọ, Bello, Ṣóyínká, Abubakar, Ọbásanjọ́, Eze, Ɓaranda"),
            middle: BySex::same(""),
            company_forms: Words::of("2 4 Ltd, 2 & Sons Nigeria Ltd, 2 4 PLC"),
            lines: Words::of("Ventures, Farms, Cement, Fabrics, Motors, Ọjà Stores"),
        },
        places: Places {
            cities: Words::of("Lagos/Lagos, Ìbàdàn/Oyo, Kano/Kano, Abuja/FCT, Ẹnugwu/Enugu"),
            streets: Words::of("Awolowo Road, Adeola Odeku Street, Ahmadu Bello Way"),
            line: "%# §",
            zip: "######",
        },
        phones: Words::of("+234 80# ### ####"),
        natural: &[(75, Pattern("%##########")), (25, Pattern("A########"))],
        legal: &[(70, Pattern("RC#######")), (30, Pattern("RC %#####"))],
        bank: Some(Bank { bank: "0##", branch: "###", account: "##########" }),
    }
}
