//! Thailand, Viet Nam and Cambodia.

use super::{Bank, BySex, Computed, Country, Names, Pattern, Places, Words, east_asian};

pub(super) fn all() -> Vec<Country> {
    vec![thailand(), viet_nam(), cambodia()]
}

fn thailand() -> Country {
    Country {
        code: "TH",
        weight: 4,
        nationality: "ไทย",
        names: Names {
            forms: Words::of("1 2, 31 2"),
            given: BySex::of(
                "สมหญิง, กนกวรรณ, สุดา, พรทิพย์, ณัฐธิดา, อารีย์",
                "สมชาย, ประยุทธ์, วิชัย, ณัฐพล, ธนวัฒน์, กิตติ",
            ),
            family: BySex::same("แสงทอง, ศรีสุข, ใจดี, ทองคำ, เจริญสุข, รัตนโกสินทร์, วงศ์สวัสดิ์"),
            middle: BySex::of("นางสาว, นาง", "นาย"),
            company_forms: Words::of("บริษัท 24 จำกัด, ห้างหุ้นส่วนจำกัด 2"),
            lines: Words::of("การค้า, ขนส่ง, อาหารทะเล, ก่อสร้าง"),
        },
        places: Places {
            cities: Words::of("กรุงเทพมหานคร/กรุงเทพมหานคร, เชียงใหม่/เชียงใหม่, ภูเก็ต/ภูเก็ต, ขอนแก่น/ขอนแก่น"),
            streets: Words::of("ถนนสุขุมวิท, ถนนพระราม ๔, ถนนเยาวราช, ซอยอารีย์"),
            line: "%# §",
            zip: "#####",
        },
        phones: Words::of("+66 8# ### ####"),
        natural: &[(85, Computed(east_asian::thai_number)), (15, Pattern("AA#######"))],
        legal: &[(100, Computed(east_asian::thai_company))],
        bank: Some(Bank { bank: "0##", branch: "####", account: "###-#-#####-#" }),
    }
}

fn viet_nam() -> Country {
    Country {
        code: "VN",
        weight: 5,
        nationality: "Việt Nam",
        names: Names {
            forms: Words::of("2 3 1, 2 3 1 1, 2 1"),
            given: BySex::of(
                "Hương, Lan, Thảo, Phượng, Ngọc, Quỳnh, Thủy, Tuyết, Yến, Ánh",
                "Hùng, Dũng, Tuấn, Đức, Phước, Quốc, Thắng, Vũ, Ước, Bảo",
            ),
            family: BySex::same(
                "Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương",
            ),
            middle: BySex::of("Thị, Ngọc, Thúy, Diệu, Ái", "Văn, Hữu, Đình, Xuân, Quý"),
            company_forms: Words::of("Công ty TNHH 4 1, Công ty Cổ phần 4 2"),
            lines: Words::of("Thương mại, Xây dựng, Thực phẩm, Dịch vụ Vận tải, Dệt may"),
        },
        places: Places {
            cities: Words::of(
                "Hà Nội/Hà Nội, Thành phố Hồ Chí Minh/Hồ Chí Minh, Đà Nẵng/Đà Nẵng, Huế/Thừa Thiên Huế",
            ),
            streets: Words::of("Đường Lê Lợi, Phố Hàng Đào, Đường Nguyễn Huệ, Đường Trần Hưng Đạo"),
            line: "%# §",
            zip: "######",
        },
        phones: Words::of("+84 9# ### ## ##"),
        natural: &[(85, Computed(east_asian::vietnamese_number)), (15, Pattern("C#######"))],
        legal: &[(100, Computed(east_asian::vietnamese_company))],
        bank: Some(Bank { bank: "9704##", branch: "", account: "%###########" }),
    }
}

fn cambodia() -> Country {
    Country {
        code: "KH",
        weight: 1,
        nationality: "ខ្មែរ",
        names: Names {
            forms: Words::of("2 1"),
            given: BySex::of("សុភា, ចាន់ថា, ស្រីមុំ, បុប្ផា", "វិសាល, ដារ៉ា, រតនា, សុខា"),
            family: BySex::same("សុខ, ជា, ហេង, កែវ, លី, ម៉ៅ"),
            middle: BySex::same(""),
            company_forms: Words::of("ក្រុមហ៊ុន 2 4"),
            lines: Words::of("ដឹកជញ្ជូន, សំណង់, កសិកម្ម"),
        },
        places: Places {
            cities: Words::of("ភ្នំពេញ/ភ្នំពេញ, សៀមរាប/សៀមរាប, បាត់ដំបង/បាត់ដំបង"),
            streets: Words::of("មហាវិថីព្រះនរោត្តម, ផ្លូវព្រះស៊ីហនុ"),
            line: "%# §",
            zip: "12####",
        },
        phones: Words::of("+855 12 ### ###"),
        natural: &[(70, Pattern("### ### ###")), (30, Pattern("N########"))],
        legal: &[(100, Pattern("K%##-#########"))],
        bank: Some(Bank { bank: "0##", branch: "", account: "### ### ###" }),
    }
}
