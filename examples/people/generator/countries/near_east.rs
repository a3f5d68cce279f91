//! Egypt, Saudi Arabia and Israel.

use super::{BySex, Computed, Country, Names, Pattern, Places, Words, near_eastern};

pub(super) fn all() -> Vec<Country> {
    vec![egypt(), saudi_arabia(), israel()]
}

fn egypt() -> Country {
    Country {
        code: "EG",
        weight: 4,
        nationality: "مصري",
        names: Names {
            forms: Words::of("1 3 2, 1 3 3 2, 1 2"),
            given: BySex::of(
                "فاطمة, مريم, عائشة, نورهان, ياسمين, هالة, إيمان, آية, شيماء, سلمى",
                "محمد, أحمد, محمود, مصطفى, عبد الرحمن, يوسف, إبراهيم, طه, عمرو, كريم",
            ),
            family: BySex::same("السيد, حسن, المصري, عبد الله, الشريف, البنا, سليمان, الجندي, النجار, غالي"),
            middle: BySex::same("محمد, أحمد, علي, حسين, إسماعيل, فتحي"),
            company_forms: Words::of("شركة 2 4, مؤسسة 4 2"),
            lines: Words::of("للتجارة, للمقاولات, للأغذية, للنقل البحري, للنشر والتوزيع"),
        },
        places: Places {
            cities: Words::of("القاهرة/القاهرة, الإسكندرية/الإسكندرية, الجيزة/الجيزة, أسوان/أسوان"),
            streets: Words::of("شارع التحرير, شارع رمسيس, كورنيش النيل, شارع الهرم"),
            line: "%# §",
            zip: "#####",
        },
        phones: Words::of("+20 10 #### ####, +20 2 #### ####"),
        natural: &[(85, Computed(near_eastern::egyptian_number)), (15, Pattern("A########"))],
        legal: &[(100, Pattern("###-###-###"))],
        bank: None,
    }
}

fn saudi_arabia() -> Country {
    Country {
        code: "SA",
        weight: 3,
        nationality: "سعودي",
        names: Names {
            forms: Words::of("1 3 2, 1 2"),
            given: BySex::of(
                "نورة, سارة, ريم, لطيفة, العنود, هيفاء, غادة",
                "عبدالله, سلطان, فهد, تركي, خالد, ماجد, بندر",
            ),
            family: BySex::same("العتيبي, القحطاني, الغامدي, الحربي, الدوسري, الشهري, آل الشيخ, الزهراني"),
            middle: BySex::of("بنت محمد, بنت سعد, بنت فهد", "بن عبدالعزيز, بن محمد, بن سعود, بن ناصر"),
            company_forms: Words::of("شركة 2 4, مجموعة 2"),
            lines: Words::of("القابضة, للتطوير العقاري, للتقنية, للتمور"),
        },
        places: Places {
            cities: Words::of("الرياض/الرياض, جدة/مكة المكرمة, الدمام/الشرقية, أبها/عسير"),
            streets: Words::of("طريق الملك فهد, شارع العليا, شارع التحلية"),
            line: "%### §",
            zip: "#####-####",
        },
        phones: Words::of("+966 5# ### ####"),
        natural: &[(85, Computed(near_eastern::saudi_id)), (15, Pattern("@########"))],
        legal: &[(50, Pattern("1010######")), (50, Pattern("7#########"))],
        bank: None,
    }
}

fn israel() -> Country {
    Country {
        code: "IL",
        weight: 3,
        nationality: "ישראלית",
        names: Names {
            forms: Words::of("1 2, 1 1 2"),
            given: BySex::of(
                "נועה, תמר, שירה, מיכל, יעל, אביגיל, צ'ילה, רבקה",
                "דוד, יוסף, איתי, נועם, אורי, ג'ורג', משה, יצחק",
            ),
            family: BySex::same("כהן, לוי, מזרחי, פרץ, ביטון, בן-דוד, אברג'יל, שפירא, הר־זהב, חדאד"),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 בע\"מ, 2 ובניו בע״מ"),
            lines: Words::of("מאפיית, הוצאת, חקלאות, תוכנה, רהיטי"),
        },
        places: Places {
            cities: Words::of("ירושלים/ירושלים, תל אביב-יפו/תל אביב, חיפה/חיפה, באר שבע/הדרום"),
            streets: Words::of("רחוב הרצל, שדרות רוטשילד, רחוב יפו, דרך השלום"),
            line: "§ %#",
            zip: "#######",
        },
        phones: Words::of("+972 5#-###-####, 03-#######"),
        natural: &[(85, Computed(near_eastern::teudat_zehut)), (15, Pattern("%#######"))],
        legal: &[(100, Computed(near_eastern::israeli_company))],
        bank: None,
    }
}
