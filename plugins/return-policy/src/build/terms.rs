//! Named terms: what they take from the terms they are like, and whether they make sense.
//!
//! What this file must not know: rules.

use crate::settings::Document;
use crate::settings::terms::{Fee as FeeWords, Outcome, Remedy as RemedyWords, Terms as TermsWords, Window};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::returns::policy::{BundleRule, Fee, Keep, LabelPayer, RemedyTerms, ShippingRefund, Terms, WHOLE};
use cartwright_sdk::contract::return_policy::{Remedy, Verdict};
use cartwright_sdk::settings::{Findings, join};

/// Terms by name; `None` for those that are wrong, which was told where they stand.
pub struct Named(BTreeMap<String, Option<Terms>>);

impl Named {
    /// The terms that a name stands for. An unknown name is told; wrong terms were told already.
    pub fn find(&self, document: &Document, name: &str, at: &str, findings: &mut Findings) -> Option<Terms> {
        findings.find(&document.terms, name, at, "set of terms")?;
        self.0.get(name)?.clone()
    }
}

pub fn all(document: &Document, findings: &mut Findings) -> Named {
    let mut all = BTreeMap::new();
    for name in document.terms.keys() {
        let at = join("/terms", name);
        let whole = inherited(document, name, &at, findings).and_then(|words| compiled(&words, &at, findings));
        all.insert(name.clone(), whole);
    }
    Named(all)
}

/// The words with those of all the terms they are like.
fn inherited(document: &Document, name: &str, at: &str, findings: &mut Findings) -> Option<TermsWords> {
    let mut words = document.terms.get(name)?.clone();
    let mut way: Vec<&str> = vec![name];
    let mut like = document.terms.get(name).and_then(|terms| terms.like.as_deref());
    while let Some(base) = like {
        if way.contains(&base) {
            way.push(base);
            // Each cycle is told once, of the terms in it that come first by name, and of nothing that only leads to it.
            let start = way.iter().position(|known| *known == base).unwrap_or(0);
            let first = way[start..].iter().min() == Some(&name);
            if first && start == 0 {
                let circle = way.join("` is like `");
                let message = format!("is a circle: `{circle}`");
                let path = format!("{at}/like");
                findings.wrong::<()>(&path, &way[1], &message, "let one of them be like none of the others");
            }
            return None;
        }
        let path = format!("{}/like", join("/terms", way[way.len() - 1]));
        let known = document.terms.get(base);
        if known.is_none() && way.len() == 1 {
            findings.find(&document.terms, base, &path, "set of terms")?;
        }
        let base_words = known?;
        way.push(base);
        fill(&mut words, base_words);
        like = base_words.like.as_deref();
    }
    Some(words)
}

fn fill(words: &mut TermsWords, base: &TermsWords) {
    words.outcome = words.outcome.or(base.outcome);
    words.window = words.window.or(base.window);
    if words.remedies.is_none() {
        words.remedies.clone_from(&base.remedies);
    }
    words.restocking = words.restocking.or(base.restocking);
    words.shipping = words.shipping.or(base.shipping);
    words.label = words.label.or(base.label);
    words.keep = words.keep.or(base.keep);
    words.bundle = words.bundle.or(base.bundle);
}

fn compiled(words: &TermsWords, at: &str, findings: &mut Findings) -> Option<Terms> {
    let before = findings.issues.len();
    let outcome = words.outcome.map_or(Verdict::Approve, Outcome::verdict);
    let restocking =
        words.restocking.map_or_else(Fee::default, |fee| self::fee(&fee, &format!("{at}/restocking"), findings));
    let mut remedies = Vec::new();
    for (index, remedy) in words.remedies.iter().flatten().enumerate() {
        let at = format!("{at}/remedies/{index}");
        let terms = self::remedy(remedy, &at, findings);
        if let Some(earlier) = remedies.iter().position(|other: &RemedyTerms| other.remedy == terms.remedy) {
            let message = format!("is remedy {earlier} already");
            findings.wrong::<()>(&format!("{at}/remedy"), &remedy.remedy, &message, "name each remedy once");
        }
        remedies.push(terms);
    }
    match &words.remedies {
        None if outcome != Verdict::Decline => remedies.push(RemedyTerms::plain(Remedy::Refund)),
        Some(list) if list.is_empty() && outcome != Verdict::Decline => {
            let remedy = "name a remedy, or give the outcome `decline`";
            findings.wrong::<()>(
                &format!("{at}/remedies"),
                &"[]",
                "there is nothing that the shopper may have",
                remedy,
            );
        }
        _ => {}
    }
    if outcome == Verdict::Decline {
        // Declined goods have no remedy, and what stands there by inheritance is no mistake.
        remedies.clear();
    }
    out_of_order(words, at, findings);
    (findings.issues.len() == before).then(|| Terms {
        outcome,
        window: words.window.map(|window| window.core()),
        remedies,
        restocking,
        shipping: words.shipping.map_or(ShippingRefund::default(), crate::settings::terms::Shipping::core),
        label: words.label.map_or(LabelPayer::default(), crate::settings::terms::Label::core),
        keep: words.keep.map_or(Keep::default(), crate::settings::terms::Keep::core),
        bundle: words.bundle.map_or(BundleRule::default(), crate::settings::terms::Bundle::core),
    })
}

fn remedy(words: &RemedyWords, at: &str, findings: &mut Findings) -> RemedyTerms {
    let kind = words.remedy.contract();
    if words.bonus_ppm.is_some_and(|bonus| bonus.0 > 0) && kind != Remedy::StoreCredit {
        let path = format!("{at}/bonusPpm");
        findings.odd(&path, &words.bonus_ppm, "has no effect: only store credit has a bonus", "leave it out");
    }
    if words.share_ppm.is_some() && kind != Remedy::KeepItem {
        let path = format!("{at}/sharePpm");
        findings.odd(&path, &words.share_ppm, "has no effect: only `keepItem` has a share", "leave it out");
    }
    let ppm = |share: crate::settings::words::Share| PartsPerMillion(share.0);
    RemedyTerms {
        remedy: kind,
        window: words.window.map(|window| window.core()),
        restocking: words.restocking.map(|fee| self::fee(&fee, &format!("{at}/restocking"), findings)),
        bonus: words.bonus_ppm.map_or(PartsPerMillion(0), ppm),
        share: words.share_ppm.map_or(WHOLE, ppm),
        free_label: words.free_label,
    }
}

fn fee(words: &FeeWords, at: &str, findings: &mut Findings) -> Fee {
    if let (Some(least), Some(most)) = (words.minimum, words.maximum)
        && least.0 > most.0
    {
        let message = format!("is below the minimum of {}", least.0);
        let remedy = "give a maximum that is not below the minimum";
        findings.wrong::<()>(&format!("{at}/maximum"), &most.0, &message, remedy);
    }
    let minor = |price: crate::settings::words::Price| Minor(price.0);
    Fee {
        share: words.share_ppm.map_or(PartsPerMillion(0), |share| PartsPerMillion(share.0)),
        per_unit: words.per_unit.map_or(Minor::ZERO, minor),
        minimum: words.minimum.map(minor),
        maximum: words.maximum.map(minor),
    }
}

/// A remedy that the shop likes better than one behind it, and that nevertheless may be asked for a shorter time.
fn out_of_order(words: &TermsWords, at: &str, findings: &mut Findings) {
    let days = |remedy: &RemedyWords| {
        let window: Option<Window> = remedy.window.or(words.window);
        window.map_or(u32::MAX, |window| window.length.0.at_most_days())
    };
    let list = words.remedies.as_deref().unwrap_or_default();
    for (index, pair) in list.windows(2).enumerate() {
        if days(&pair[0]) < days(&pair[1]) {
            let path = format!("{at}/remedies/{index}/window");
            let message =
                "ends before the window of the next remedy, which the shop likes less: the windows are out of order";
            let remedy = "give the better remedy the longer window, or list it later";
            findings.odd(&path, &pair[0].window, message, remedy);
        }
    }
}
