//! Germany, Poland and Türkiye.

use super::{BySex, Computed, Country, Names, Pattern, Places, Words, eastern, western};

pub(super) fn all() -> Vec<Country> {
    vec![germany(), poland(), turkiye()]
}

fn germany() -> Country {
    Country {
        code: "DE",
        weight: 5,
        nationality: "deutsch",
        names: Names {
            forms: Words::of("1 2, 1 2, 1-1 2, 1 2-2, Dr. 1 von 2"),
            given: BySex::of(
                "Anna, Käthe, Jördis, Bärbel, Ursula, Grete, Gül, Zoë, Mathilda, Annegret, Sünje",
                "Jürgen, Götz, Jörg, Björn, Günther, Matthias, Emre, Sören, Friedrich, Hannes, Rüdiger",
            ),
            family: BySex::same(
                "Müller, Schäfer, Weiß, Groß, Größler, Strauß, Köhler, König, Jäger, Böhm, Schröder, \
                 Kaiser, Yılmaz, Süß, Fußwinkel, Vogel",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("2 4 GmbH, 2 & Söhne KG, 4 2 AG, 2 4 GmbH & Co. KG"),
            lines: Words::of(
                "Bäckerei, Straßenbau, Möbelhaus, Gärtnerei, Maschinenbau, Buchhändler, Käserei",
            ),
        },
        places: Places {
            cities: Words::of(
                "München/Bayern, Köln/Nordrhein-Westfalen, Gießen/Hessen, Lübeck/Schleswig-Holstein, \
                 Görlitz/Sachsen",
            ),
            streets: Words::of("Hauptstraße, Große Bleichen, Königsallee, Am Mühlbach, Weißer Weg"),
            line: "§ %#",
            zip: "%####",
        },
        phones: Words::of("+49 151 ########, +49 30 #######"),
        natural: &[(60, Computed(western::german_card)), (40, Computed(western::german_tax_number))],
        legal: &[(80, Computed(western::german_vat_number)), (20, Pattern("HRB %#####"))],
        bank: None,
    }
}

fn poland() -> Country {
    Country {
        code: "PL",
        weight: 5,
        nationality: "polska",
        names: Names {
            forms: Words::of("1 2, 1 1 2, 1 2"),
            given: BySex::of(
                "Małgorzata, Agnieszka, Żaneta, Łucja, Bożena, Świętosława, Zofia, Róża, Danuta, Elżbieta, \
                 Kinga",
                "Łukasz, Michał, Stanisław, Józef, Zdzisław, Wacław, Mieczysław, Grzegorz, Bożydar, \
                 Światosław, Jan",
            ),
            family: BySex::of(
                "Kowalska, Wiśniewska, Wójcik, Kamińska, Zielińska, Woźniak, Dąbrowska, Jabłońska, \
                 Krawczyk, Świątek, Chrząszcz, Gżegżółka, Brzęczyszczykiewicz, Piątek, Żurawska",
                "Kowalski, Wiśniewski, Wójcik, Kamiński, Zieliński, Woźniak, Dąbrowski, Jabłoński, \
                 Krawczyk, Świątek, Chrząszcz, Gżegżółka, Brzęczyszczykiewicz, Piątek, Żurawski",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 sp. z o.o., 4 2 S.A., 4 1, 2 i Wspólnicy sp.j."),
            lines: Words::of(
                "Piekarnia, Usługi Budowlane, Księgarnia, Młyn, Spółdzielnia, Żegluga, Hurtownia",
            ),
        },
        places: Places {
            cities: Words::of(
                "Łódź/łódzkie, Kraków/małopolskie, Gdańsk/pomorskie, Wrocław/dolnośląskie, \
                 Świnoujście/zachodniopomorskie",
            ),
            streets: Words::of(
                "ul. Piłsudskiego, ul. Długa, al. Jerozolimskie, ul. Świętego Ducha, pl. Wolności",
            ),
            line: "§ %#",
            zip: "##-###",
        },
        phones: Words::of("+48 5## ### ###, +48 22 ### ## ##"),
        natural: &[(75, Computed(eastern::pesel)), (25, Pattern("@@#######"))],
        legal: &[(80, Computed(eastern::nip)), (20, Pattern("00########"))],
        bank: None,
    }
}

fn turkiye() -> Country {
    Country {
        code: "TR",
        weight: 3,
        nationality: "Türk",
        names: Names {
            forms: Words::of("1 2, 1 1 2"),
            given: BySex::of(
                "Ayşe, Gülşah, Çiğdem, Işıl, İpek, Ümmügülsüm, Özlem, Şebnem, Tuğba, Yağmur",
                "Mehmet, İbrahim, Çağrı, Ömer, Oğuz, Uğur, Şükrü, Işık, Yiğit, Ümit",
            ),
            family: BySex::same(
                "Yılmaz, Kaya, Demir, Şahin, Çelik, Yıldız, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, \
                 Çetin, İnönü, Gökçe",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("2 4 A.Ş., 2 4 Ltd. Şti."),
            lines: Words::of("Gıda, İnşaat, Tekstil, Turizm, Dış Ticaret, Mobilya"),
        },
        places: Places {
            cities: Words::of(
                "İstanbul/İstanbul, İzmir/İzmir, Muğla/Muğla, Eskişehir/Eskişehir, Iğdır/Iğdır",
            ),
            streets: Words::of("Atatürk Caddesi, İstiklal Caddesi, Çınar Sokak, Gül Sokağı"),
            line: "§ No: %#",
            zip: "#####",
        },
        phones: Words::of("+90 5## ### ## ##"),
        natural: &[(80, Computed(eastern::tckn)), (20, Pattern("U########"))],
        legal: &[(100, Computed(eastern::vkn))],
        bank: None,
    }
}
