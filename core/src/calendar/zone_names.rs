//! The IANA time zone names and the POSIX rule that each follows from now on.
//!
//! Source: the IANA time zone database, version 2026f, in the public domain; taken from the PyPI package `tzdata` 2026.6 as the
//! last line (the "footer", RFC 9636 section 3.3) of every TZif file in it, links included, `Factory` left out. A new version
//! is made the same way: sort the distinct footers into [`RULES`], and write each name, grouped by what stands before its
//! first slash, followed by the two digits of its rule.
//!
//! A footer tells what holds after the last change that is in the database, so the table knows no history. After November 2026
//! `America/Havana` differs from it until March 2027, and `Asia/Gaza` and `Asia/Hebron` around Ramadan; before, some fifty zones
//! that have changed their rule since 2020, such as `America/Mexico_City` and `America/Vancouver`.
//!
//! What this file must not know: how a rule is evaluated. About 7900 bytes of text in a binary, none where it is not used.

/// The distinct rules, sorted, one word each; a rule's number is its place here.
const RULES: &str = "<+00>0 <+00>0<+02>-2,M3.5.0/1,M10.5.0/3 <+01>-1 <+02>-2 <+0330>-3:30 <+03>-3 <+0430>-4:30 <+04>-4 <+0530>-5:30 \
    <+0545>-5:45 <+05>-5 <+0630>-6:30 <+06>-6 <+07>-7 <+0845>-8:45 <+08>-8 <+09>-9 \
    <+1030>-10:30<+11>-11,M10.1.0,M4.1.0 <+10>-10 <+11>-11 <+11>-11<+12>,M10.1.0,M4.1.0/3 \
    <+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45 <+12>-12 <+13>-13 <+14>-14 <-01>1 <-01>1<+00>,M3.5.0/0,M10.5.0/1 \
    <-02>2 <-02>2<-01>,M3.5.0/-1,M10.5.0/0 <-03>3 <-03>3<-02>,M3.2.0,M11.1.0 <-04>4 <-04>4<-03>,M9.1.6/24,M4.1.6/24 \
    <-05>5 <-06>6 <-06>6<-05>,M9.1.6/22,M4.1.6/22 <-07>7 <-08>8 <-0930>9:30 <-09>9 <-10>10 <-11>11 <-12>12 \
    ACST-9:30 ACST-9:30ACDT,M10.1.0,M4.1.0/3 AEST-10 AEST-10AEDT,M10.1.0,M4.1.0/3 AKST9AKDT,M3.2.0,M11.1.0 AST4 \
    AST4ADT,M3.2.0,M11.1.0 AWST-8 CAT-2 CET-1 CET-1CEST,M3.5.0,M10.5.0/3 CST-8 CST5CDT,M3.2.0/0,M11.1.0/1 CST6 \
    CST6CDT,M3.2.0,M11.1.0 ChST-10 EAT-3 EET-2 EET-2EEST,M3.4.4/50,M10.4.4/50 EET-2EEST,M3.5.0/0,M10.5.0/0 \
    EET-2EEST,M3.5.0/3,M10.5.0/4 EET-2EEST,M4.5.5/0,M10.5.4/24 EST5 EST5EDT,M3.2.0,M11.1.0 GMT0 \
    GMT0BST,M3.5.0/1,M10.5.0 HKT-8 HST10 HST10HDT,M3.2.0,M11.1.0 IST-1GMT0,M10.5.0,M3.5.0/1 \
    IST-2IDT,M3.4.4/26,M10.5.0 IST-5:30 JST-9 KST-9 MSK-3 MST7 MST7MDT,M3.2.0,M11.1.0 NST3:30NDT,M3.2.0,M11.1.0 \
    NZST-12NZDT,M9.5.0,M4.1.0/3 PKT-5 PST-8 PST8PDT,M3.2.0,M11.1.0 SAST-2 SST11 UTC0 WAT-1 \
    WET0WEST,M3.5.0/1,M10.5.0 WIB-7 WIT-9 WITA-8";

/// Names by what stands before their first slash; each name is followed by the two digits of its rule.
const REGIONS: [(&str, &str); 17] = [
    (
        "",
        "CET53 CST6CDT57 Cuba55 EET63 EST65 EST5EDT66 Egypt64 Eire72 GB68 GB-Eire68 GMT67 GMT+067 GMT-067 GMT067 \
         Greenwich67 HST70 Hongkong69 Iceland67 Iran04 Israel73 Jamaica65 Japan75 Kwajalein22 Libya60 MET53 MST78 \
         MST7MDT79 NZ81 NZ-CHAT21 Navajo79 PRC54 PST8PDT84 Poland53 Portugal89 ROC54 ROK76 Singapore15 Turkey05 \
         UCT87 UTC87 Universal87 W-SU77 WET89 Zulu87",
    ),
    (
        "Africa/",
        "Abidjan67 Accra67 Addis_Ababa59 Algiers52 Asmara59 Asmera59 Bamako67 Bangui88 Banjul67 Bissau67 Blantyre51 \
         Brazzaville88 Bujumbura51 Cairo64 Casablanca00 Ceuta53 Conakry67 Dakar67 Dar_es_Salaam59 Djibouti59 \
         Douala88 El_Aaiun00 Freetown67 Gaborone51 Harare51 Johannesburg85 Juba51 Kampala59 Khartoum51 Kigali51 \
         Kinshasa88 Lagos88 Libreville88 Lome67 Luanda88 Lubumbashi51 Lusaka51 Malabo88 Maputo51 Maseru85 Mbabane85 \
         Mogadishu59 Monrovia67 Nairobi59 Ndjamena88 Niamey88 Nouakchott67 Ouagadougou67 Porto-Novo88 Sao_Tome67 \
         Timbuktu67 Tripoli60 Tunis52 Windhoek51",
    ),
    (
        "America/",
        "Adak71 Anchorage47 Anguilla48 Antigua48 Araguaina29 Argentina/Buenos_Aires29 Argentina/Catamarca29 \
         Argentina/ComodRivadavia29 Argentina/Cordoba29 Argentina/Jujuy29 Argentina/La_Rioja29 Argentina/Mendoza29 \
         Argentina/Rio_Gallegos29 Argentina/Salta29 Argentina/San_Juan29 Argentina/San_Luis29 Argentina/Tucuman29 \
         Argentina/Ushuaia29 Aruba48 Asuncion29 Atikokan65 Atka71 Bahia29 Bahia_Banderas56 Barbados48 Belem29 \
         Belize56 Blanc-Sablon48 Boa_Vista31 Bogota33 Boise79 Buenos_Aires29 Cambridge_Bay79 Campo_Grande31 \
         Cancun65 Caracas31 Catamarca29 Cayenne29 Cayman65 Chicago57 Chihuahua56 Ciudad_Juarez79 Coral_Harbour65 \
         Cordoba29 Costa_Rica56 Coyhaique29 Creston78 Cuiaba31 Curacao48 Danmarkshavn67 Dawson78 Dawson_Creek78 \
         Denver79 Detroit66 Dominica48 Edmonton56 Eirunepe33 El_Salvador56 Ensenada84 Fort_Nelson78 Fort_Wayne66 \
         Fortaleza29 Glace_Bay49 Godthab28 Goose_Bay49 Grand_Turk66 Grenada48 Guadeloupe48 Guatemala56 Guayaquil33 \
         Guyana31 Halifax49 Havana55 Hermosillo78 Indiana/Indianapolis66 Indiana/Knox57 Indiana/Marengo66 \
         Indiana/Petersburg66 Indiana/Tell_City57 Indiana/Vevay66 Indiana/Vincennes66 Indiana/Winamac66 \
         Indianapolis66 Inuvik56 Iqaluit66 Jamaica65 Jujuy29 Juneau47 Kentucky/Louisville66 Kentucky/Monticello66 \
         Knox_IN57 Kralendijk48 La_Paz31 Lima33 Los_Angeles84 Louisville66 Lower_Princes48 Maceio29 Managua56 \
         Manaus31 Marigot48 Martinique48 Matamoros57 Mazatlan78 Mendoza29 Menominee57 Merida56 Metlakatla47 \
         Mexico_City56 Miquelon30 Moncton49 Monterrey56 Montevideo29 Montreal66 Montserrat48 Nassau66 New_York66 \
         Nipigon66 Nome47 Noronha27 North_Dakota/Beulah57 North_Dakota/Center57 North_Dakota/New_Salem57 Nuuk28 \
         Ojinaga57 Panama65 Pangnirtung66 Paramaribo29 Phoenix78 Port-au-Prince66 Port_of_Spain48 Porto_Acre33 \
         Porto_Velho31 Puerto_Rico48 Punta_Arenas29 Rainy_River65 Rankin_Inlet57 Recife29 Regina56 Resolute57 \
         Rio_Branco33 Rosario29 Santa_Isabel84 Santarem29 Santiago32 Santo_Domingo48 Sao_Paulo29 Scoresbysund28 \
         Shiprock79 Sitka47 St_Barthelemy48 St_Johns80 St_Kitts48 St_Lucia48 St_Thomas48 St_Vincent48 \
         Swift_Current56 Tegucigalpa56 Thule49 Thunder_Bay66 Tijuana84 Toronto66 Tortola48 Vancouver78 Virgin48 \
         Whitehorse78 Winnipeg65 Yakutat47 Yellowknife56",
    ),
    (
        "Antarctica/",
        "Casey15 Davis13 DumontDUrville18 Macquarie46 Mawson10 McMurdo81 Palmer29 Rothera29 South_Pole81 Syowa05 \
         Troll01 Vostok10",
    ),
    ("Arctic/", "Longyearbyen53"),
    (
        "Asia/",
        "Aden05 Almaty10 Amman05 Anadyr22 Aqtau10 Aqtobe10 Ashgabat10 Ashkhabad10 Atyrau10 Baghdad05 Bahrain05 \
         Baku07 Bangkok13 Barnaul13 Beirut62 Bishkek12 Brunei15 Calcutta74 Chita16 Choibalsan15 Chongqing54 \
         Chungking54 Colombo08 Dacca12 Damascus05 Dhaka12 Dili16 Dubai07 Dushanbe10 Famagusta63 Gaza61 Harbin54 \
         Hebron61 Ho_Chi_Minh13 Hong_Kong69 Hovd13 Irkutsk15 Istanbul05 Jakarta90 Jayapura91 Jerusalem73 Kabul06 \
         Kamchatka22 Karachi82 Kashgar12 Kathmandu09 Katmandu09 Khandyga16 Kolkata74 Krasnoyarsk13 Kuala_Lumpur15 \
         Kuching15 Kuwait05 Macao54 Macau54 Magadan19 Makassar92 Manila83 Muscat07 Nicosia63 Novokuznetsk13 \
         Novosibirsk13 Omsk12 Oral10 Phnom_Penh13 Pontianak90 Pyongyang76 Qatar05 Qostanay10 Qyzylorda10 Rangoon11 \
         Riyadh05 Saigon13 Sakhalin19 Samarkand10 Seoul76 Shanghai54 Singapore15 Srednekolymsk19 Taipei54 \
         Tashkent10 Tbilisi07 Tehran04 Tel_Aviv73 Thimbu12 Thimphu12 Tokyo75 Tomsk13 Ujung_Pandang92 Ulaanbaatar15 \
         Ulan_Bator15 Urumqi12 Ust-Nera18 Vientiane13 Vladivostok18 Yakutsk16 Yangon11 Yekaterinburg10 Yerevan07",
    ),
    (
        "Atlantic/",
        "Azores26 Bermuda49 Canary89 Cape_Verde25 Faeroe89 Faroe89 Jan_Mayen53 Madeira89 Reykjavik67 \
         South_Georgia27 St_Helena67 Stanley29",
    ),
    (
        "Australia/",
        "ACT46 Adelaide44 Brisbane45 Broken_Hill44 Canberra46 Currie46 Darwin43 Eucla14 Hobart46 LHI17 Lindeman45 \
         Lord_Howe17 Melbourne46 NSW46 North43 Perth50 Queensland45 South44 Sydney46 Tasmania46 Victoria46 West50 \
         Yancowinna44",
    ),
    ("Brazil/", "Acre33 DeNoronha27 East29 West31"),
    ("Canada/", "Atlantic49 Central65 Eastern66 Mountain56 Newfoundland80 Pacific78 Saskatchewan56 Yukon78"),
    ("Chile/", "Continental32 EasterIsland35"),
    (
        "Etc/",
        "GMT67 GMT+067 GMT+125 GMT+1040 GMT+1141 GMT+1242 GMT+227 GMT+329 GMT+431 GMT+533 GMT+634 GMT+736 GMT+837 \
         GMT+939 GMT-067 GMT-102 GMT-1018 GMT-1119 GMT-1222 GMT-1323 GMT-1424 GMT-203 GMT-305 GMT-407 GMT-510 \
         GMT-612 GMT-713 GMT-815 GMT-916 GMT067 Greenwich67 UCT87 UTC87 Universal87 Zulu87",
    ),
    (
        "Europe/",
        "Amsterdam53 Andorra53 Astrakhan07 Athens63 Belfast68 Belgrade53 Berlin53 Bratislava53 Brussels53 \
         Bucharest63 Budapest53 Busingen53 Chisinau63 Copenhagen53 Dublin72 Gibraltar53 Guernsey68 Helsinki63 \
         Isle_of_Man68 Istanbul05 Jersey68 Kaliningrad60 Kiev63 Kirov77 Kyiv63 Lisbon89 Ljubljana53 London68 \
         Luxembourg53 Madrid53 Malta53 Mariehamn63 Minsk05 Monaco53 Moscow77 Nicosia63 Oslo53 Paris53 Podgorica53 \
         Prague53 Riga63 Rome53 Samara07 San_Marino53 Sarajevo53 Saratov07 Simferopol77 Skopje53 Sofia63 \
         Stockholm53 Tallinn63 Tirane53 Tiraspol63 Ulyanovsk07 Uzhgorod63 Vaduz53 Vatican53 Vienna53 Vilnius63 \
         Volgograd77 Warsaw53 Zagreb53 Zaporozhye63 Zurich53",
    ),
    (
        "Indian/",
        "Antananarivo59 Chagos12 Christmas13 Cocos11 Comoro59 Kerguelen10 Mahe07 Maldives10 Mauritius07 Mayotte59 \
         Reunion07",
    ),
    ("Mexico/", "BajaNorte84 BajaSur78 General56"),
    (
        "Pacific/",
        "Apia23 Auckland81 Bougainville19 Chatham21 Chuuk18 Easter35 Efate19 Enderbury23 Fakaofo23 Fiji22 \
         Funafuti22 Galapagos34 Gambier39 Guadalcanal19 Guam58 Honolulu70 Johnston70 Kanton23 Kiritimati24 Kosrae19 \
         Kwajalein22 Majuro22 Marquesas38 Midway86 Nauru22 Niue41 Norfolk20 Noumea19 Pago_Pago86 Palau16 Pitcairn37 \
         Pohnpei19 Ponape19 Port_Moresby18 Rarotonga40 Saipan58 Samoa86 Tahiti40 Tarawa22 Tongatapu23 Truk18 Wake22 \
         Wallis22 Yap18",
    ),
    (
        "US/",
        "Alaska47 Aleutian71 Arizona78 Central57 East-Indiana66 Eastern66 Hawaii70 Indiana-Starke57 Michigan66 \
         Mountain79 Pacific84 Samoa86",
    ),
];

/// The POSIX rule of an IANA name, upper and lower case alike; `None` for a name that the database does not have.
///
/// Bytes, not text: what looks for characters in text would take more of a plugin's binary than the names.
pub(super) fn rule_of(name: &str) -> Option<&'static [u8]> {
    let name = name.as_bytes();
    let cut = name.iter().position(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let (region, place) = name.split_at_checked(cut)?;
    let (_, places) = REGIONS.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(region))?;
    let [tens, ones] = words(places).find_map(|entry| {
        let (known, number) = entry.split_last_chunk::<2>()?;
        known.eq_ignore_ascii_case(place).then_some(*number)
    })?;
    words(RULES).nth(usize::from(tens - b'0') * 10 + usize::from(ones - b'0'))
}

fn words(text: &'static str) -> impl Iterator<Item = &'static [u8]> {
    text.as_bytes().split(|&byte| byte == b' ')
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    pub(in super::super) fn all_names() -> impl Iterator<Item = String> {
        REGIONS.into_iter().flat_map(|(region, places)| {
            places.split(' ').map(move |entry| format!("{region}{}", &entry[..entry.len() - 2]))
        })
    }

    pub(in super::super) fn rule(name: &str) -> &'static str {
        core::str::from_utf8(rule_of(name).unwrap()).unwrap()
    }

    pub(in super::super) fn all_rules() -> impl Iterator<Item = &'static str> {
        RULES.split(' ')
    }

    #[test]
    fn names_and_links_lead_to_their_rule() {
        assert_eq!(rule_of("Europe/Berlin"), Some(b"CET-1CEST,M3.5.0,M10.5.0/3".as_slice()));
        assert_eq!(rule_of("america/new_york"), Some(b"EST5EDT,M3.2.0,M11.1.0".as_slice()));
        assert_eq!(rule_of("US/Eastern"), rule_of("America/New_York"));
        assert_eq!(rule_of("America/Argentina/Buenos_Aires"), Some(b"<-03>3".as_slice()));
        assert_eq!(rule_of("Etc/GMT+10"), Some(b"<-10>10".as_slice()));
        assert_eq!(rule_of("UTC"), Some(b"UTC0".as_slice()));
        for unknown in ["", "/", "Europe/", "Europe", "Europe/Atlantis", "Berlin", "Europe/Berlin/", "Factory"] {
            assert_eq!(rule_of(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_table_is_whole_sorted_and_small() {
        let mut names = 0;
        for (region, places) in REGIONS {
            assert!(places.split(' ').is_sorted_by_key(|entry| &entry[..entry.len() - 2]), "{region}");
            for entry in places.split(' ') {
                let (place, number) = entry.split_at(entry.len() - 2);
                assert!(RULES.split(' ').nth(number.parse().unwrap()).is_some(), "{region}{place}");
                names += 1;
            }
        }
        assert_eq!(names, 597);
        assert!(RULES.split(' ').is_sorted() && REGIONS.is_sorted());
        let bytes = RULES.len() + REGIONS.iter().map(|(region, places)| region.len() + places.len()).sum::<usize>();
        assert!(bytes < 12_000, "{bytes}");
    }
}
