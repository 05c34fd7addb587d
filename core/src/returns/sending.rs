//! Where approved returns go, and the labels for it: the request's destinations or the shop's own, in the core's words.
//!
//! What this file must not know: refunds.

use super::Case;
use super::destination::{Parcelled, Way, ways};
use super::label::payer;
use super::policy::{Fault, Freight, GradeTerms, Keep, LabelPayer, Policy};
use super::reasons::{count, money, reason};
use crate::geo::distance_metres;
use crate::money::Minor;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::return_policy::{
    Destination, DestinationKind, Payer, Remedy, Request, RequestedReturn, RmaStatus, Verdict,
};

/// How one requested return travels.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    pub destination: Option<String>,
    /// The shopper keeps it.
    pub keep: bool,
    /// Index of its label.
    pub label: Option<usize>,
    /// What was held back for a label that was made before.
    pub earlier_fee: Minor,
}

/// A label and what it costs the shopper.
#[derive(Debug, Clone)]
pub struct Label {
    pub destination: String,
    pub paid_by: Payer,
    pub fee: Minor,
    /// Indexes of requested returns.
    pub cases: Vec<usize>,
}

/// A destination with what reckoning needs.
struct Site<'a> {
    destination: &'a Destination,
    /// For what the platform knows no figures of.
    freight: &'a Freight,
    metres: Option<u32>,
}

impl<'a> Site<'a> {
    fn new(request: &Request, destination: &'a Destination, freight: &'a Freight) -> Self {
        let ends = request.origin.coordinates.zip(destination.coordinates);
        let metres = ends.and_then(|(from, to)| distance_metres(from, to).ok());
        Self { destination, freight, metres }
    }

    fn parcel(&self) -> i128 {
        let destination = self.destination;
        let known = !destination.unit_costs.is_empty() || destination.parcel_cost > 0;
        i128::from(if known { destination.parcel_cost } else { self.freight.per_parcel.0 })
    }

    /// What sending these units costs, the parcel not included.
    fn units(&self, request: &Request, requested: &RequestedReturn) -> i128 {
        let quantity = i128::from(requested.quantity);
        if let Some(cost) = self.destination.unit_costs.get(requested.line as usize) {
            return i128::from(*cost) * quantity;
        }
        let grams = i128::from(request.lines[requested.line as usize].line.weight) * quantity;
        let freight = self.freight;
        let hundreds = i128::from(self.metres.unwrap_or(0));
        let far = grams * hundreds * i128::from(freight.per_kilogram_and_100_km.0) / (1_000 * 100_000);
        i128::from(freight.per_unit.0) * quantity + grams * i128::from(freight.per_kilogram.0) / 1_000 + far
    }
}

/// Nearest first; those whose distance nobody knows last, otherwise as they are listed.
fn sites<'a>(policy: &'a Policy, request: &'a Request) -> Vec<Site<'a>> {
    let mut sites: Vec<Site<'a>> = if request.destinations.is_empty() {
        let own = policy.destinations.iter();
        own.map(|place| Site::new(request, &place.destination, &place.freight)).collect()
    } else {
        request.destinations.iter().map(|destination| Site::new(request, destination, &policy.estimate)).collect()
    };
    sites.sort_by_key(|site| site.metres.unwrap_or(u32::MAX));
    sites
}

/// Whether a destination takes these units.
fn takes(
    policy: &Policy,
    request: &Request,
    site: &Site<'_>,
    location: &str,
    grade: &GradeTerms,
    supplied: bool,
) -> bool {
    let destination = site.destination;
    let listed = destination.locations.iter().any(|known| known == location);
    let local = policy.cross_border || destination.country == request.origin.country;
    // What a supplier dropshipped goes back to it, whatever its grade.
    if destination.kind == DestinationKind::Supplier {
        return local && listed;
    }
    local && !supplied && (destination.locations.is_empty() || listed) && grade.kinds.contains(&destination.kind)
}

/// Finds a way for everything that is approved and has no label yet.
pub fn send(policy: &Policy, request: &Request, cases: &mut [Case]) -> Vec<Label> {
    let sites = sites(policy, request);
    let parcels: Vec<i128> = sites.iter().map(Site::parcel).collect();
    let (mut things, mut open) = (Vec::new(), Vec::new());
    for (index, (case, requested)) in cases.iter_mut().zip(&request.returns).enumerate() {
        let delivered = &request.lines[requested.line as usize];
        if case.finding.verdict != Verdict::Approve {
            continue;
        }
        let Some(offered) = case.finding.offered() else { continue };
        if requested.destination.is_some() || !matches!(requested.status, RmaStatus::Requested | RmaStatus::Approved) {
            case.way.destination.clone_from(&requested.destination);
            case.way.earlier_fee = Minor(requested.label_fee);
            continue;
        }
        if !delivered.line.physical {
            continue;
        }
        let keep = case.finding.governing.keep;
        let repair = offered.terms.remedy == Remedy::Repair;
        if offered.terms.remedy == Remedy::KeepItem || (keep == Keep::Always && !repair) {
            case.way.keep = true;
            let message = "The shopper keeps it and nothing is sent back.";
            case.finding.reasons.push(reason("KEEP_ITEM", message, []));
            continue;
        }
        let grade = policy.grading.of(policy.grading.expected(requested.condition));
        let worth = case.worth.goods.share(grade.recovers).unwrap_or(Minor::ZERO);
        let supplier = |site: &Site<'_>| {
            site.destination.kind == DestinationKind::Supplier
                && site.destination.locations.contains(&delivered.location)
        };
        let supplied = sites.iter().any(supplier);
        let cost = |site: &Site<'_>| {
            let recovered = if site.destination.kind == DestinationKind::Donation { 0 } else { i128::from(worth.0) };
            takes(policy, request, site, &delivered.location, grade, supplied)
                .then(|| site.units(request, requested) - recovered)
        };
        let costs: Vec<Option<i128>> = sites.iter().map(cost).collect();
        // That nobody takes it does not make it worthless: dear goods without a destination are a person's to decide on, not a gift.
        let compared = costs.iter().any(Option::is_some) || worth == Minor::ZERO;
        things.push(Parcelled { costs, may_stay: keep != Keep::Never && !repair && compared });
        open.push(index);
    }
    let ways = ways(&things, &parcels);
    let mut labels: Vec<Label> = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    for ((&index, way), thing) in open.iter().zip(&ways).zip(&things) {
        let case = &mut cases[index];
        match way {
            Way::To(site) => {
                let id = &sites[*site].destination.id;
                case.way.destination = Some(id.clone());
                let label = places.iter().position(|place| place == site).unwrap_or_else(|| {
                    labels.push(Label {
                        destination: id.clone(),
                        paid_by: Payer::Merchant,
                        fee: Minor::ZERO,
                        cases: Vec::new(),
                    });
                    places.push(*site);
                    labels.len() - 1
                });
                labels[label].cases.push(index);
                case.way.label = Some(label);
            }
            Way::Stays => {
                case.way.keep = true;
                let least = thing.costs.iter().zip(&parcels).filter_map(|(cost, parcel)| Some((*cost)? + parcel)).min();
                let figures: Vec<_> = least
                    .and_then(|least| i64::try_from(least).ok())
                    .map(|least| money("loss", Minor(least)))
                    .into_iter()
                    .collect();
                let message = "Sending it back costs more than it is worth; the shopper keeps it.";
                case.finding.reasons.push(reason("KEEP_ITEM", message, figures));
            }
            Way::Nowhere => {
                case.finding.verdict = Verdict::Review;
                case.status = request.returns[index].status;
                case.receive_by = None;
                let known = count("destinations", sites.len() as u64);
                let message = "No destination takes goods like these; a person finds one.";
                case.finding.reasons.push(reason("NO_DESTINATION", message, [known]));
            }
        }
    }
    for (label, place) in labels.iter_mut().zip(&places) {
        (label.paid_by, label.fee) = pay(policy, request, cases, label, sites[*place].destination.kind);
    }
    labels
}

fn pay(policy: &Policy, request: &Request, cases: &[Case], label: &Label, kind: DestinationKind) -> (Payer, Minor) {
    let merchant_pays = label.cases.iter().any(|&index| {
        let finding = &cases[index].finding;
        let free = finding.offered().is_some_and(|offered| offered.terms.free_label);
        free || match finding.governing.label {
            LabelPayer::Merchant => true,
            LabelPayer::ByFault => finding.fault == Fault::Merchant,
            LabelPayer::Shopper => false,
        }
    });
    let grams = |&index: &usize| {
        let requested = &request.returns[index];
        u64::from(request.lines[requested.line as usize].line.weight) * u64::from(requested.quantity)
    };
    let groups = request.customer.as_ref().map_or(&[][..], |customer| &customer.tags);
    let free = groups.iter().any(|group| policy.labels.free_for.contains(group));
    payer(kind, merchant_pays, free, policy.labels.fee(label.cases.iter().map(grams).sum()))
}
