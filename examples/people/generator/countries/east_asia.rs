//! China, Taiwan, Japan and Korea.

use super::{Bank, BySex, Computed, Country, Names, Pattern, Places, Words, east_asian};

pub(super) fn all() -> Vec<Country> {
    vec![china(), taiwan(), japan(), korea()]
}

fn china() -> Country {
    Country {
        code: "CN",
        weight: 6,
        nationality: "中国",
        names: Names {
            forms: Words::of("21"),
            given: BySex::of(
                "芳, 娜, 秀英, 丽, 静怡, 雨桐, 欣妍, 梦琪, 𠅤",
                "伟, 强, 磊, 军, 浩然, 子轩, 宇航, 建国, 㐂",
            ),
            family: BySex::same("王, 李, 张, 刘, 陈, 杨, 赵, 黄, 周, 欧阳, 司马, 诸葛"),
            middle: BySex::same(""),
            company_forms: Words::of("北京2氏4有限公司, 上海14股份有限公司, 深圳市24有限公司"),
            lines: Words::of("科技, 贸易, 食品, 建筑工程, 纺织, 物流"),
        },
        places: Places {
            cities: Words::of("北京市/北京, 上海市/上海, 深圳市/广东省, 杭州市/浙江省, 成都市/四川省"),
            streets: Words::of("人民路, 长安街, 南京东路, 解放大道, 中山北路"),
            line: "§%##号",
            zip: "######",
        },
        phones: Words::of("+86 13# #### ####, +86 10 #### ####"),
        natural: &[(85, Computed(east_asian::resident_number)), (15, Pattern("E########"))],
        legal: &[(100, Computed(east_asian::credit_code))],
        bank: Some(Bank { bank: "10#", branch: "####", account: "62%#### #### #### ####" }),
    }
}

fn taiwan() -> Country {
    Country {
        code: "TW",
        weight: 3,
        nationality: "臺灣",
        names: Names {
            forms: Words::of("21"),
            given: BySex::of("淑芬, 美玲, 雅婷, 怡君, 詩涵, 麗華", "志明, 家豪, 俊傑, 冠宇, 承恩, 國榮"),
            family: BySex::same("陳, 林, 黃, 張, 李, 吳, 劉, 蔡, 楊, 許, 鄭, 謝"),
            middle: BySex::same(""),
            company_forms: Words::of("24股份有限公司, 1記4行"),
            lines: Words::of("電子, 茶葉, 書局, 營造, 麵食"),
        },
        places: Places {
            cities: Words::of("臺北市/臺北市, 高雄市/高雄市, 臺南市/臺南市, 花蓮市/花蓮縣"),
            streets: Words::of("中山北路, 忠孝東路, 民生路, 成功路"),
            line: "§%#號",
            zip: "%##-##",
        },
        phones: Words::of("+886 9## ### ###"),
        natural: &[(85, Computed(east_asian::taiwanese_number)), (15, Pattern("3########"))],
        legal: &[(100, Computed(east_asian::taiwanese_company))],
        bank: Some(Bank { bank: "0##", branch: "####", account: "############" }),
    }
}

fn japan() -> Country {
    Country {
        code: "JP",
        weight: 5,
        nationality: "日本",
        names: Names {
            forms: Words::of("2 1, 2　1, 21"),
            given: BySex::of(
                "さくら, 陽菜, 結衣, ひかり, 美咲, エミリ, 花子, ゆい",
                "太郎, 翔太, 蓮, 大翔, ケンジ, 悠真, 一郎, ひろし",
            ),
            family: BySex::same("佐藤, 鈴木, 高橋, 田中, 伊藤, 渡邊, 齋藤, 髙橋, 山﨑, 吉田, 森"),
            middle: BySex::same(""),
            company_forms: Words::of("株式会社2 4, 有限会社2, ㈱4"),
            lines: Words::of("製作所, 商店, コーヒー, ソフトウェア, 醸造, ｶﾒﾗ"),
        },
        places: Places {
            cities: Words::of(
                "千代田区/東京都, 横浜市/神奈川県, 京都市/京都府, 札幌市/北海道, さいたま市/埼玉県",
            ),
            streets: Words::of("丸の内, 本町, 中央, 大通西, 寺町"),
            line: "§%-%#-%",
            zip: "%##-####",
        },
        phones: Words::of("+81 90-####-####, 03-####-####"),
        natural: &[(80, Computed(east_asian::my_number)), (20, Pattern("T@#######"))],
        legal: &[(100, Computed(east_asian::corporate_number))],
        bank: Some(Bank { bank: "0###", branch: "###", account: "#######" }),
    }
}

fn korea() -> Country {
    Country {
        code: "KR",
        weight: 4,
        nationality: "대한민국",
        names: Names {
            forms: Words::of("21, 2 1"),
            given: BySex::of(
                "서연, 민지, 지우, 하은, 수빈, 영희, 다솜",
                "민준, 서준, 도윤, 지훈, 현우, 철수, 빛찬",
            ),
            family: BySex::same("김, 이, 박, 최, 정, 강, 조, 윤, 남궁, 황보"),
            middle: BySex::same(""),
            company_forms: Words::of("주식회사 24, (주)4, ㈜24"),
            lines: Words::of("전자, 식품, 건설, 물산, 출판사"),
        },
        places: Places {
            cities: Words::of("서울특별시/서울, 부산광역시/부산, 수원시/경기도, 제주시/제주도"),
            streets: Words::of("세종대로, 테헤란로, 해운대로, 중앙로"),
            line: "§ %#",
            zip: "#####",
        },
        phones: Words::of("+82 10-####-####"),
        natural: &[(80, Computed(east_asian::korean_number)), (20, Pattern("M########"))],
        legal: &[(100, Computed(east_asian::korean_company))],
        bank: Some(Bank { bank: "0##", branch: "", account: "###-######-##-###" }),
    }
}
