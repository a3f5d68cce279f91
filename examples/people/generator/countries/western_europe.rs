//! Portugal, Spain, France and the United Kingdom.

use super::{BySex, Computed, Country, Names, Pattern, Places, Words, western};

pub(super) fn all() -> Vec<Country> {
    vec![portugal(), spain(), france(), united_kingdom()]
}

fn portugal() -> Country {
    Country {
        code: "PT",
        weight: 6,
        nationality: "portuguesa",
        names: Names {
            forms: Words::of("1 2, 1 1 2 2, 1 2 e 2, 1 2 2"),
            given: BySex::of(
                "Maria, Leonor, Matilde, Inês, Beatriz, Mafalda, Conceição, Graça, Débora, Íris, Luísa",
                "João, Rodrigo, Lourenço, Martim, Afonso, Tomás, Gonçalo, Duarte, Simão, Estêvão, Zé, \
                 António",
            ),
            family: BySex::same(
                "Silva, Santos, Ferreira, Pereira, Fernandes, Gonçalves, Simões, Magalhães, Falcão, \
                 Brandão, de Sá, d'Almeida, Leitão, Conceição, Assunção, Antunes",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 Lda., 4 2 & Irmão Lda., 4 2 S.A., Sociedade 2"),
            lines: Words::of("Conservas, Cortiça, Pastelaria, Olivais, Construção, Vinhos do Douro, Calçado"),
        },
        places: Places {
            cities: Words::of(
                "Lisboa/Lisboa, Porto/Porto, Évora/Évora, Guimarães/Braga, Olhão/Faro, Funchal/Madeira",
            ),
            streets: Words::of("Rua Augusta, Avenida da Liberdade, Travessa do Açúcar, Largo de São João"),
            line: "§ %#",
            zip: "%###-###",
        },
        phones: Words::of("+351 91# ### ###, +351 21# ### ###"),
        natural: &[
            (70, Computed(western::nif_of_person)),
            (15, Pattern("@@######")),
            (15, Pattern("@######")),
        ],
        legal: &[(100, Computed(western::nif_of_company))],
        bank: None,
    }
}

fn spain() -> Country {
    Country {
        code: "ES",
        weight: 4,
        nationality: "española",
        names: Names {
            forms: Words::of("1 2 2, 1 1 2 2, 1 2 y 2"),
            given: BySex::of(
                "Lucía, Sofía, Martina, María, Begoña, Núria, Itziar, Rocío, Ángeles, Iria, Montserrat",
                "Hugo, Martín, Íker, Álvaro, José, Ángel, Jordi, Xoán, Ramón, Joaquín, Jesús",
            ),
            family: BySex::same(
                "García, Fernández, González, Rodríguez, López, Martínez, Sánchez, Pérez, Muñoz, Ibáñez, \
                 Etxeberria, Puigdemont, Castiñeira, de la Peña, Núñez, Zúñiga",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 S.L., 4 2 S.A., Hijos de 2 S.C."),
            lines: Words::of("Aceites, Cerámica, Muebles, Hostelería, Diseño, Pescados, Señalética"),
        },
        places: Places {
            cities: Words::of(
                "Madrid/Madrid, Sevilla/Andalucía, A Coruña/Galicia, L'Hospitalet/Catalunya, Cádiz/Andalucía",
            ),
            streets: Words::of("Calle Mayor, Gran Vía, Carrer d'Aragó, Paseo del Prado, Rúa do Vilar"),
            line: "§ %#",
            zip: "####%",
        },
        phones: Words::of("+34 6## ### ###, +34 91# ### ###"),
        natural: &[(85, Computed(western::dni)), (15, Pattern("@@@######"))],
        legal: &[(100, Computed(western::cif))],
        bank: None,
    }
}

fn france() -> Country {
    Country {
        code: "FR",
        weight: 4,
        nationality: "française",
        names: Names {
            forms: Words::of("1 2, 1 1 2, 1 2-2, 1 de 2"),
            given: BySex::of(
                "Léa, Chloé, Zoé, Anaïs, Françoise, Maëlys, Éloïse, Hélène, Marie-Thérèse, Noémie, Agnès",
                "François, Jérôme, Loïc, Gaël, Étienne, Benoît, Jean-René, Théo, Maël, Noël, Anaël",
            ),
            family: BySex::same(
                "Martin, Bernard, Lefèvre, Müller, L'Hôpital, Gauthier, Françon, Besançon, Nuñez, Château, \
                 Île, Lœb, Delaître, Aït Ahmed, Benoît, Forêt",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 SARL, 4 2 SAS, 2 et Fils, Société 2"),
            lines: Words::of(
                "Boulangerie, Pâtisserie, Crèmerie, Menuiserie, Hôtellerie, Maçonnerie, Œnologie",
            ),
        },
        places: Places {
            cities: Words::of(
                "Paris/Île-de-France, Lyon/Auvergne-Rhône-Alpes, Orléans/Centre-Val de Loire, \
                 Nîmes/Occitanie",
            ),
            streets: Words::of(
                "rue de la République, avenue Foch, boulevard Saint-Michel, quai d'Orsay, place de l'Étoile",
            ),
            line: "%# §",
            zip: "%####",
        },
        phones: Words::of("+33 6 ## ## ## ##, +33 1 ## ## ## ##"),
        natural: &[(60, Computed(western::nir)), (40, Pattern("##@@#####"))],
        legal: &[(100, Computed(western::siren))],
        bank: None,
    }
}

fn united_kingdom() -> Country {
    Country {
        code: "GB",
        weight: 4,
        nationality: "British",
        names: Names {
            forms: Words::of("1 2, 1 1 2, 1 2-2"),
            given: BySex::of(
                "Olivia, Amelia, Isla, Siân, Nia, Saoirse, Zoë, Elspeth, Gwenllian, Chloë, Niamh",
                "Oliver, George, Noah, Rhys, Siôn, Eoghan, Hamish, Alasdair, Llŷr, Callum, Oisín",
            ),
            family: BySex::same(
                "Smith, Jones, Taylor, O'Neill, MacDonald, Llewellyn, Brontë, ap Rhys, Featherstonehaugh, \
                 Patel, St John, Ó Súilleabháin, Campbell, Khan, Thwaite",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("2 4 Ltd, 2 & Sons Ltd, 2 4 PLC, The 2 4 Company"),
            lines: Words::of("Bakers, Tea, Shipping, Engineering, Textiles, Books, Ironmongers"),
        },
        places: Places {
            cities: Words::of(
                "London/England, Ynys Môn/Wales, Glasgow/Scotland, Belfast/Northern Ireland, York/England",
            ),
            streets: Words::of("High Street, Church Lane, Station Road, Heol y Frenhines, King's Cross Road"),
            line: "%# §",
            zip: "@@%# %@@",
        },
        phones: Words::of("+44 7700 900###, +44 20 7946 0###"),
        natural: &[(50, Computed(western::nino)), (50, Pattern("#########"))],
        legal: &[(70, Pattern("########")), (30, Pattern("SC######"))],
        bank: None,
    }
}
