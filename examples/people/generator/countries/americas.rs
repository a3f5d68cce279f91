//! Brazil, Argentina and the United States.

use super::{Bank, BySex, Computed, Country, Names, Pattern, Places, Words, american};

pub(super) fn all() -> Vec<Country> {
    vec![brazil(), argentina(), united_states()]
}

fn brazil() -> Country {
    Country {
        code: "BR",
        weight: 30,
        nationality: "brasileira",
        names: Names {
            forms: Words::of("1 2 2, 1 1 2, 1 2, 1 1 2 2, 1 1 2 2 2"),
            given: BySex::of(
                "Maria, Ana, Francisca, Antônia, Adriana, Juliana, Márcia, Fernanda, Patrícia, Aline, \
                 Sandra, Camila, Amanda, Bruna, Jéssica, Letícia, Júlia, Luciana, Vanessa, Mariana, \
                 Gabriela, Vera, Vitória, Larissa, Cláudia, Beatriz, Conceição, Iracema, Lívia, \
                 Rita de Cássia",
                "José, João, Antônio, Francisco, Carlos, Paulo, Pedro, Lucas, Luiz, Marcos, Luís, Gabriel, \
                 Rafael, Daniel, Marcelo, Bruno, Eduardo, Felipe, Raimundo, Rodrigo, Manoel, Mateus, \
                 André, Fernando, Fábio, Leonardo, Gustavo, Guilherme, Leandro, Tiago, Anderson, Estêvão, \
                 Ubirajara",
            ),
            family: BySex::same(
                "da Silva, Santos, dos Santos, Oliveira, de Souza, Rodrigues, Ferreira, Alves, Pereira, \
                 Lima, Gomes, Costa, Ribeiro, Martins, Carvalho, Almeida, Lopes, Soares, Fernandes, \
                 Vieira, Barbosa, Rocha, Dias, Nascimento, de Andrade, Moreira, Nunes, Marques, Machado, \
                 Mendes, Freitas, Cardoso, Ramos, Gonçalves, Santana, Teixeira, Araújo, Magalhães, \
                 Guimarães, Brandão, d'Ávila, Conceição, Tanaka, Schmidt",
            ),
            middle: BySex::same(""),
            company_forms: Words::of(
                "4 2 Ltda, 4 2 e Filhos Ltda, 4 2 S.A., 4 São 1 ME, 4 2 & 2 EIRELI, Grupo 2",
            ),
            lines: Words::of(
                "Comércio de Alimentos, Padaria e Confeitaria, Transportes, Construções, Açougue, \
                 Farmácia, Informática, Serviços Médicos, Oficina Mecânica, Livraria, Agropecuária, \
                 Confecções",
            ),
        },
        places: Places {
            cities: Words::of(
                "São Paulo/SP, Rio de Janeiro/RJ, Belo Horizonte/MG, Salvador/BA, Brasília/DF, \
                 Fortaleza/CE, Curitiba/PR, Recife/PE, Porto Alegre/RS, Belém/PA, Goiânia/GO, São Luís/MA, \
                 Maceió/AL, Florianópolis/SC, Cuiabá/MT, Vitória/ES",
            ),
            streets: Words::of(
                "Rua das Flores, Avenida Brasil, Rua Sete de Setembro, Rua XV de Novembro, \
                 Alameda dos Ipês, Avenida Getúlio Vargas, Praça da Sé, Travessa São João, \
                 Rua Dom Pedro II, Rodovia dos Bandeirantes",
            ),
            line: "§ %##",
            zip: "#####-###",
        },
        phones: Words::of("+55 11 9####-####, +55 21 9####-####, (31) 9####-####, 0## 3###-####"),
        natural: &[(88, Computed(american::cpf)), (8, Pattern("@@%#####")), (4, Pattern("@%######-#"))],
        legal: &[(100, Computed(american::cnpj))],
        bank: Some(Bank { bank: "########", branch: "%###-#", account: "%#####-#" }),
    }
}

fn argentina() -> Country {
    Country {
        code: "AR",
        weight: 4,
        nationality: "argentina",
        names: Names {
            forms: Words::of("1 2, 1 1 2, 1 2 2"),
            given: BySex::of(
                "María, Sofía, Martina, Valentina, Lucía, Catalina, Delfina, Josefina, Agustina, Belén, Inés",
                "Juan, Mateo, Bautista, Benjamín, Tomás, Joaquín, Agustín, Nicolás, Ramón, Íñigo, Martín",
            ),
            family: BySex::same(
                "González, Rodríguez, Gómez, Fernández, López, Díaz, Martínez, Pérez, Núñez, Peña, Ibáñez, \
                 Güemes, Muñoz, Yáñez, Echeverría, Bianchi",
            ),
            middle: BySex::same(""),
            company_forms: Words::of("4 2 S.R.L., 4 2 S.A., 2 Hnos. S.R.L."),
            lines: Words::of("Panadería, Carnicería, Ferretería, Estancia, Viñedos, Diseño y Señalización"),
        },
        places: Places {
            cities: Words::of(
                "Buenos Aires/CABA, Córdoba/Córdoba, Rosario/Santa Fe, Mendoza/Mendoza, Neuquén/Neuquén",
            ),
            streets: Words::of("Avenida Corrientes, Calle Florida, San Martín, Bartolomé Mitre, Güemes"),
            line: "§ %###",
            zip: "@####@@@",
        },
        phones: Words::of("+54 9 11 ####-####, +54 351 ###-####"),
        natural: &[
            (50, Pattern("%#.###.###")),
            (40, Computed(american::cuit_of_person)),
            (10, Pattern("@@@######")),
        ],
        legal: &[(100, Computed(american::cuit_of_company))],
        bank: Some(Bank { bank: "###", branch: "####", account: "######################" }),
    }
}

fn united_states() -> Country {
    Country {
        code: "US",
        weight: 5,
        nationality: "United States",
        names: Names {
            forms: Words::of("1 2, 1 3 2, 1 1 2, 1 2-2, 1 3 3 2"),
            given: BySex::of(
                "Olivia, Emma, Charlotte, Amelia, Sophia, Mia, Isabella, Evelyn, Shanice, Renée, Zoë, \
                 Mary-Jane",
                "Liam, Noah, Oliver, James, Elijah, Mateo, Theodore, Henry, DeShawn, André, D'Angelo, Beau",
            ),
            family: BySex::same(
                "Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, O'Brien, McDonald, Nguyen, \
                 Begay, Washington, Van der Berg, Goldstein, Kekuʻulaokalani",
            ),
            middle: BySex::same("A., B., J., L., M., R., T."),
            company_forms: Words::of("2 4 Inc., 2 & 2 LLC, 2 4 Corp."),
            lines: Words::of("Hardware, Logistics, Dental Care, Farms, Software, Roofing, Brewing"),
        },
        places: Places {
            cities: Words::of(
                "Springfield/IL, Austin/TX, Portland/OR, Cañon City/CO, Honolulu/HI, Boston/MA",
            ),
            streets: Words::of(
                "Main Street, Oak Avenue, Elm Street, Martin Luther King Jr. Boulevard, Broadway",
            ),
            line: "%### §",
            zip: "#####",
        },
        phones: Words::of("+1 (2##) 555-01##, +1 7## 555 01##"),
        natural: &[(60, Computed(american::ssn)), (20, Pattern("@########")), (20, Pattern("#########"))],
        legal: &[(100, Pattern("%#-#######"))],
        bank: Some(Bank { bank: "0########", branch: "", account: "%#########" }),
    }
}
