//! Names of subdivisions that people write and the metadata does not have: English and older names, the abbreviations that the United
//! States used before two letters, and the words for province or county around a name.
//!
//! Collected by hand from ISO 3166-2's other names and the GPO Style Manual's list of states. What this module must not know: addresses.

/// Country, the name folded, the code.
const OTHERS: &str = "\
CA newfoundland NL;CA pei PE;CA p e i PE;CN beijing 11;CN hong kong 91;CN inner mongolia 15;CN tibet 54;CN guangxi 45;CN ningxia 64;\
CN xinjiang 65;CO bogota dc DC;CO bogota d c DC;ES baleares PM;ES islas baleares PM;ES tenerife TF;IN orissa OR;\
IN pondicherry PY;IN daman and diu DH;IN uttaranchal UK;IN telengana TG;MX df CMX;MX d f CMX;MX distrito federal CMX;\
MY penang 07;MY malacca 04;PE lima LMA;RU moscow MOW;RU saint petersburg SPE;RU st petersburg SPE;UA kyiv 30;UA kiev 30;UA odesa 51;\
UA odessa 51;US ala AL;US ariz AZ;US ark AR;US calif CA;US colo CO;US conn CT;US del DE;US fla FL;US ill IL;US ind IN;US kan KS;US kans KS;\
US mass MA;US mich MI;US minn MN;US miss MS;US mont MT;US neb NE;US nebr NE;US nev NV;US n mex NM;US n dak ND;US okla OK;US ore OR;\
US oreg OR;US penn PA;US penna PA;US s dak SD;US tenn TN;US tex TX;US wash WA;US w va WV;US wva WV;US wis WI;US wisc WI;US wyo WY;\
VE distrito capital A";

/// Words before a name and behind it that say what it is.
const BEFORE: [&str; 9] = [
    "co ",
    "county ",
    "province of ",
    "provincia de ",
    "provincia di ",
    "state of ",
    "estado de ",
    "departamento de ",
    "region de ",
];
const BEHIND: [&str; 10] =
    [" shi", " sheng", " do", " fu", " ken", " to", " oblast", " province", " prefecture", " state"];

/// The code behind a name that the metadata does not have.
pub(super) fn code_of(country: &str, folded: &str) -> Option<&'static str> {
    let entries = OTHERS.split(';').filter_map(|entry| entry.strip_prefix(country)?.trim_start().rsplit_once(' '));
    entries.filter(|(name, _)| *name == folded).map(|(_, code)| code).next()
}

/// The name alone.
pub(super) fn bare(folded: &str) -> &str {
    let name = BEFORE.iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(folded);
    let name = BEHIND.iter().find_map(|word| name.strip_suffix(word)).unwrap_or(name);
    if name.is_empty() { folded } else { name }
}
