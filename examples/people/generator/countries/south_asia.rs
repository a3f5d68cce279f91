//! Pakistan, India in two of its writings, and Bangladesh.

use super::{Bank, BySex, Computed, Country, Names, Pattern, Places, Words, south_asian};

pub(super) fn all() -> Vec<Country> {
    vec![pakistan(), hindi_india(), tamil_india(), bangladesh()]
}

fn pakistan() -> Country {
    Country {
        code: "PK",
        weight: 3,
        nationality: "پاکستانی",
        names: Names {
            forms: Words::of("1 2, 1 3 2"),
            given: BySex::of(
                "عائشہ, زینب, مریم, ثناء, پروین, نگہت, گلناز",
                "محمد, علی, حسن, عمران, بلال, ظفر, چوہدری",
            ),
            family: BySex::same("خان, بھٹی, چیمہ, قریشی, شیخ, گیلانی, مرزا, ڈار"),
            middle: BySex::of("بی بی, خاتون", "احمد, حسین, اقبال"),
            company_forms: Words::of("2 4, 4 2 پرائیویٹ لمیٹڈ"),
            lines: Words::of("ٹیکسٹائل, تعمیرات, بیکری, کتب خانہ"),
        },
        places: Places {
            cities: Words::of("کراچی/سندھ, لاہور/پنجاب, پشاور/خیبر پختونخوا, کوئٹہ/بلوچستان"),
            streets: Words::of("مال روڈ, شاہراہ فیصل, گلبرگ, ڈیوس روڈ"),
            line: "%# §",
            zip: "#####",
        },
        phones: Words::of("+92 3## #######"),
        natural: &[(90, Computed(south_asian::cnic)), (10, Pattern("@@#######"))],
        legal: &[(100, Pattern("#######-#"))],
        bank: None,
    }
}

fn hindi_india() -> Country {
    Country {
        code: "IN",
        weight: 5,
        nationality: "भारतीय",
        names: Names {
            forms: Words::of("1 2, 1 3 2"),
            given: BySex::of(
                "प्रिया, अनीता, सुनीता, काव्या, श्रुति, ज्योति, लक्ष्मी, ऋचा",
                "राहुल, अमित, विजय, कृष्ण, अर्जुन, राजेश, श्याम, हृदय",
            ),
            family: BySex::same("शर्मा, सिंह, गुप्ता, वर्मा, मिश्रा, त्रिपाठी, पाण्डेय, चौधरी"),
            middle: BySex::of("देवी, कुमारी, रानी", "कुमार, प्रसाद, लाल"),
            company_forms: Words::of("2 4 प्राइवेट लिमिटेड, श्री 4"),
            lines: Words::of("वस्त्र भंडार, मिष्ठान्न, ट्रेडर्स, प्रकाशन, इंजीनियरिंग"),
        },
        places: Places {
            cities: Words::of("दिल्ली/दिल्ली, लखनऊ/उत्तर प्रदेश, जयपुर/राजस्थान, इंदौर/मध्य प्रदेश"),
            streets: Words::of("महात्मा गांधी मार्ग, चाँदनी चौक, हज़रतगंज, स्टेशन रोड"),
            line: "%# §",
            zip: "%#####",
        },
        phones: Words::of("+91 9#### #####"),
        natural: &[
            (50, Computed(south_asian::aadhaar)),
            (35, Computed(south_asian::pan)),
            (15, Pattern("@%######")),
        ],
        legal: &[(100, Computed(south_asian::gstin))],
        bank: Some(Bank { bank: "@@@@0######", branch: "######", account: "%##########" }),
    }
}

fn tamil_india() -> Country {
    let india = hindi_india();
    Country {
        weight: 2,
        nationality: "இந்தியர்",
        names: Names {
            forms: Words::of("2 1, 1"),
            given: BySex::of(
                "கவிதா, மீனாட்சி, செல்வி, லட்சுமி, தமிழ்ச்செல்வி",
                "முருகன், கார்த்திக், செந்தில், அருண், வேல்முருகன்",
            ),
            family: BySex::same("சுப்பிரமணியன், ராமசாமி, கிருஷ்ணன், நடராஜன், பழனிசாமி"),
            middle: BySex::same(""),
            company_forms: Words::of("2 4, ஸ்ரீ 1 4"),
            lines: Words::of("நிறுவனம், துணிக்கடை, பதிப்பகம்"),
        },
        places: Places {
            cities: Words::of("சென்னை/தமிழ்நாடு, மதுரை/தமிழ்நாடு, கோயம்புத்தூர்/தமிழ்நாடு"),
            streets: Words::of("அண்ணா சாலை, காந்தி தெரு, கடற்கரை சாலை"),
            line: "%# §",
            zip: "6#####",
        },
        ..india
    }
}

fn bangladesh() -> Country {
    Country {
        code: "BD",
        weight: 2,
        nationality: "বাংলাদেশী",
        names: Names {
            forms: Words::of("1 2, 3 1 2"),
            given: BySex::of("ফাতেমা, আয়েশা, নুসরাত, সুমাইয়া, রিতু", "রহিম, করিম, সাকিব, তানভীর, অনির্বাণ"),
            family: BySex::of("বেগম, আক্তার, চৌধুরী, সুলতানা", "হোসেন, ইসলাম, চৌধুরী, উদ্দিন"),
            middle: BySex::of("মোসাম্মৎ, সৈয়দা", "মোহাম্মদ, শেখ"),
            company_forms: Words::of("2 4 লিমিটেড, মেসার্স 1 4"),
            lines: Words::of("টেক্সটাইল, ট্রেডার্স, প্রকাশনী"),
        },
        places: Places {
            cities: Words::of("ঢাকা/ঢাকা, চট্টগ্রাম/চট্টগ্রাম, সিলেট/সিলেট"),
            streets: Words::of("মিরপুর রোড, বঙ্গবন্ধু সড়ক, নিউ মার্কেট"),
            line: "%# §",
            zip: "####",
        },
        phones: Words::of("+880 17## ######"),
        natural: &[(60, Pattern("%#########")), (40, Pattern("19############%##"))],
        legal: &[(100, Pattern("%###########"))],
        bank: Some(Bank { bank: "0########", branch: "", account: "%############" }),
    }
}
