//! Rules, and those among them that cannot do anything.

use super::{Parts, countries, selector};
use crate::settings::rules::{Then, When as WhenWords};
use crate::settings::{Document, Mode};
use alloc::format;
use alloc::vec::Vec;
use cartwright_core::routing::policy::{Action, Incomplete, Rule, Selector, When};

pub fn rules(document: &Document, parts: &mut Parts<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::with_capacity(document.rules.len());
    for (index, words) in document.rules.iter().enumerate() {
        let at = format!("/rules/{index}");
        if let Some(earlier) = rules.iter().position(|rule| rule.name == words.name) {
            let message = format!("is the name of rule {earlier} already, and reasons name rules");
            parts.findings.odd(&format!("{at}/name"), &words.name, &message, "give each rule a name of its own");
        }
        let when = when(&format!("{at}/when"), &words.when, parts);
        let action = action(&at, &words.then, parts);
        if document.mode == Mode::Ranked && matches!(action, Action::LeastShipmentValue(_)) {
            let message = "has no effect in ranked mode, where each location ships what it has";
            parts.findings.odd(&format!("{at}/then"), &words.name, message, "take it out, or give `mode` \"optimal\"");
        }
        if let Some(earlier) =
            rules.iter().position(|rule| rule.action == Action::Cancel && rule.when == When::default())
        {
            let message = format!("never matters: rule {earlier} gives every order up");
            parts.findings.odd(
                &at,
                &words.name,
                &message,
                "take one of them out, or say in `when` which orders it is about",
            );
        } else if let Some(earlier) = rules.iter().position(|rule| rule.when == when && rule.action == action) {
            let message = format!("says what rule {earlier} says");
            parts.findings.odd(&at, &words.name, &message, "take one of them out");
        } else {
            opposite(&at, &words.name, &when, &action, &rules, parts);
        }
        rules.push(Rule { name: words.name.clone(), when, action });
    }
    rules
}

/// A rule that an earlier one for the same orders leaves nothing.
fn opposite(at: &str, name: &str, when: &When, action: &Action, rules: &[Rule], parts: &mut Parts<'_>) {
    for (earlier, rule) in
        rules.iter().enumerate().filter(|(_, rule)| rule.when == *when || rule.when == When::default())
    {
        let none = match (&rule.action, action) {
            (Action::Include(kept), Action::Exclude(gone)) | (Action::Exclude(gone), Action::Include(kept)) => {
                kept == gone
            }
            _ => false,
        };
        if none {
            let message = format!("together with rule {earlier} it leaves no location");
            parts.findings.odd(at, &name, &message, "take one of them out, or name other locations");
        }
        if let (Action::Within(before), Action::Within(now)) = (&rule.action, action)
            && now >= before
        {
            let message = format!("never matters: rule {earlier} has a limit of {} km already", before / 1_000);
            parts.findings.odd(at, &name, &message, "give the closer limit later, or take one of them out");
        }
    }
}

fn when(at: &str, words: &WhenWords, parts: &mut Parts<'_>) -> When {
    countries(&format!("{at}/countries"), &words.countries, parts);
    let value = (words.value_from.map(|from| from.0), words.value_to.map(|to| to.0));
    if let (Some(from), Some(to)) = value
        && from > to
    {
        let message = format!("never matches: no order is worth at least {from} and at most {to}");
        parts.findings.odd(&format!("{at}/valueTo"), &to, &message, "give the smaller value in `valueFrom`");
    }
    When {
        countries: words.countries.clone(),
        channels: words.channels.clone(),
        tags: words.tags.clone(),
        line_tags: words.line_tags.clone(),
        customer_tags: words.customer_tags.clone(),
        value_from: value.0,
        value_to: value.1,
        hazardous: words.hazardous,
    }
}

fn action(at: &str, words: &Then, parts: &mut Parts<'_>) -> Action {
    match words {
        Then::Include { who } => Action::Include(selector(&format!("{at}/then/who"), who, parts)),
        Then::Exclude { who } => {
            let who = selector(&format!("{at}/then/who"), who, parts);
            if who.is_empty() {
                let message = "leaves out every location, so nothing would ever ship";
                parts.findings.odd(
                    &format!("{at}/then/who"),
                    &"{}",
                    message,
                    "name locations, groups, kinds or countries",
                );
            }
            Action::Exclude(who)
        }
        Then::Within { kilometres } => Action::Within(kilometres * 1_000),
        Then::Ranks { ranks } => {
            let ranks: Vec<_> = ranks
                .iter()
                .enumerate()
                .map(|(rank, who)| selector(&format!("{at}/then/ranks/{rank}"), who, parts))
                .collect();
            if let Some(rank) = ranks.iter().position(Selector::is_empty).filter(|rank| rank + 1 < ranks.len()) {
                let message = "names every location, so later ranks never matter";
                parts.findings.odd(&format!("{at}/then/ranks/{rank}"), &"{}", message, "put it last");
            }
            Action::Ranks(ranks)
        }
        Then::OrdersADay { limit } => Action::OrdersADay(*limit),
        Then::LeastShipmentValue { value } => Action::LeastShipmentValue(value.0),
        Then::Shipments { most } => Action::Shipments(*most),
        Then::Complete { queue } => Action::Incomplete(queue.clone().map_or(Incomplete::Cancel, Incomplete::Hold)),
        Then::Partial {} => Action::Incomplete(Incomplete::Partial),
        Then::Hold { queue } => Action::Hold { queue: queue.clone() },
        Then::Cancel {} => Action::Cancel,
    }
}
