//! Texts made comparable: letters without their marks, in lower case, so that "José" is "JOSE" and "Straße" is "strasse".
//!
//! Covers Latin letters of Latin-1 and Latin Extended-A; letters of other scripts stay as they are, in lower case. What this module
//! must not know: which field of a request a text came from.

use alloc::string::String;

/// Letters with marks, and what is written without them.
const PLAIN: &[(&str, &str)] = &[
    ("àáâãäåāăą", "a"),
    ("çćĉċč", "c"),
    ("ðďđ", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķĸ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉŋ", "n"),
    ("òóôõöøōŏő", "o"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűų", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ß", "ss"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("þ", "th"),
];

/// Appends the character in lower case and without marks; combining marks (U+0300 to U+036F) vanish.
pub fn fold_char(character: char, out: &mut String) {
    if character.is_ascii() {
        out.push(character.to_ascii_lowercase());
        return;
    }
    if ('\u{300}'..='\u{36f}').contains(&character) {
        return;
    }
    for lower in character.to_lowercase() {
        match PLAIN.iter().find(|(marked, _)| marked.contains(lower)) {
            Some((_, plain)) => out.push_str(plain),
            // Lower case of some letters is a letter and a combining mark.
            None if ('\u{300}'..='\u{36f}').contains(&lower) => {}
            None => out.push(lower),
        }
    }
}

/// The text in lower case and without marks.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| fold_char(character, &mut out));
    out
}

/// Letters and digits only, folded: "12 NW Couch St., Apt. 4" is "12nwcouchstapt4". At most `longest` bytes.
#[must_use]
pub fn compact<'t>(texts: impl Iterator<Item = &'t str>, longest: usize) -> String {
    let mut out = String::new();
    for character in texts.flat_map(str::chars).filter(|c| c.is_alphanumeric()) {
        if out.len() >= longest {
            break;
        }
        fold_char(character, &mut out);
    }
    out
}

/// An e-mail address as one mailbox is told from another: lower case, without `+tag`, and for Gmail without dots, which it ignores.
///
/// `None` for what is no address: no `@`, nothing before or behind it, a domain without a dot, a blank in it, more than 254 bytes
/// (RFC 5321, 4.5.3.1.3).
#[must_use]
pub fn mailbox(email: &str) -> Option<(String, String)> {
    let email = email.trim();
    let (local, domain) = email.rsplit_once('@')?;
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_lowercase();
    let labels = domain.split('.').all(|label| !label.is_empty());
    if local.is_empty() || !domain.contains('.') || !labels || email.len() > 254 {
        return None;
    }
    if email.chars().any(|c| c.is_whitespace() || c.is_control()) || local.contains('@') {
        return None;
    }
    let local = local.to_lowercase();
    let mut local = local.split_once('+').map_or(&*local, |(name, _)| if name.is_empty() { &*local } else { name });
    let joined;
    if matches!(&*domain, "gmail.com" | "googlemail.com") && local.contains('.') {
        joined = local.replace('.', "");
        local = &joined;
    }
    Some((local.into(), domain))
}

/// The domain and every domain above it that still has a dot: `a.b.example.com`, `b.example.com`, `example.com`.
pub fn domains_above(domain: &str) -> impl Iterator<Item = &str> {
    core::iter::successors(Some(domain), |domain| domain.split_once('.').map(|(_, above)| above))
        .take_while(|domain| domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn marks_and_case_are_no_difference() {
        for (text, plain) in [("José", "jose"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("Łódź", "lodz")] {
            assert_eq!(fold(text), plain);
        }
        assert_eq!(fold("Jose\u{301}"), "jose");
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("ИВАН"), "иван");
        assert_eq!(compact(["12 NW Couch St.,", "Apt. 4"].into_iter(), 100), "12nwcouchstapt4");
    }

    #[test]
    fn one_mailbox_has_one_spelling() {
        let of = |email: &str| mailbox(email).map(|(local, domain)| [&*local, "@", &*domain].concat());
        assert_eq!(of(" Ann.Lee+shop@Example.COM ").as_deref(), Some("ann.lee@example.com"));
        assert_eq!(of("a.nn.lee@gmail.com").as_deref(), Some("annlee@gmail.com"));
        for wrong in ["", "ann", "@example.com", "ann@", "ann@localhost", "ann@a..b", "an n@example.com", "a@b@c.com"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_domain_is_below_every_domain_it_ends_with() {
        assert_eq!(
            domains_above("a.b.example.com").collect::<Vec<_>>(),
            ["a.b.example.com", "b.example.com", "example.com"]
        );
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
