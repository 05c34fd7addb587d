//! One address under way: the corrected copy, what each field is, and what was found.
//!
//! What this module must not know: which rule finds what.

use super::country::Country;
use super::distance::CERTAIN;
use super::finding::{Finding, Wording, wording};
use super::rules::{Rules, Strictness, Validator};
use super::text::{is_unprintable, tidy};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::address_validation::{Field, FieldStatus, Issue, Request, Severity};
use cartwright_contract::types::Address;

/// Every field, in the order of the answer.
pub(super) const FIELDS: [Field; 8] = [
    Field::Country,
    Field::Subdivision,
    Field::City,
    Field::PostalCode,
    Field::Line,
    Field::Name,
    Field::Company,
    Field::Phone,
];

/// A correction that is worth showing.
#[derive(Debug)]
pub(super) struct Correction {
    pub value: String,
    /// In millionths.
    pub confidence: u32,
}

pub(super) struct Check<'a> {
    pub validator: &'a Validator,
    pub country: Option<&'a Country>,
    pub request: &'a Request,
    /// The address as it is corrected so far.
    pub address: Address,
    /// Where each line of `address` stood in the request.
    pub lines_from: Vec<u32>,
    statuses: [FieldStatus; 8],
    pub issues: Vec<Issue>,
    say: Wording,
    pub po_box: bool,
    pub military: bool,
}

impl<'a> Check<'a> {
    pub fn new(validator: &'a Validator, request: &'a Request) -> Self {
        let mut check = Self {
            validator,
            country: validator.country(&request.address.country),
            request,
            address: Address {
                country: request.address.country.clone(),
                residential: request.address.residential,
                coordinates: request.address.coordinates,
                ..Address::default()
            },
            lines_from: Vec::new(),
            statuses: [FieldStatus::Empty; 8],
            issues: Vec::new(),
            say: wording(&request.locale),
            po_box: false,
            military: false,
        };
        check.tidy_all();
        check
    }

    pub fn rules(&self) -> &'a Rules {
        &self.validator.rules
    }

    /// The severity of a contradiction that stops an order from `from` on.
    pub fn severity(&self, from: Strictness) -> Severity {
        let at_least = match (self.rules().strictness, from) {
            (_, Strictness::Lenient) | (Strictness::Strict, _) => true,
            (Strictness::Standard, from) => from == Strictness::Standard,
            (Strictness::Lenient, _) => false,
        };
        if at_least { Severity::Error } else { Severity::Warning }
    }

    pub fn status(&self, field: Field) -> FieldStatus {
        self.statuses[field as usize]
    }

    pub fn set(&mut self, field: Field, status: FieldStatus) {
        self.statuses[field as usize] = status;
    }

    /// Says that a field agrees with something; what is wrong stays wrong.
    pub fn confirm(&mut self, field: Field) {
        if self.status(field) == FieldStatus::Plausible {
            self.set(field, FieldStatus::Confirmed);
        }
    }

    /// Something without a correction.
    pub fn note(&mut self, field: Field, line: Option<u32>, severity: Severity, finding: Finding<'_>) {
        self.push(field, line, severity, finding, None, 0, false);
    }

    /// Whether a correction of this confidence is worth showing.
    pub fn is_worth_showing(&self, confidence: u32) -> bool {
        confidence >= self.rules().suggest_from
    }

    /// Something with a correction: applied when it is sure enough, shown when it is worth it. Whether it was applied.
    pub fn correct(
        &mut self,
        field: Field,
        line: Option<u32>,
        severity: Severity,
        finding: Finding<'_>,
        correction: Correction,
    ) -> bool {
        let Correction { value, confidence } = correction;
        let applied = confidence >= self.rules().apply_from;
        if applied {
            self.write(field, line, &value);
            self.push(field, line, Severity::Info, finding, Some(value), confidence, true);
        } else if self.is_worth_showing(confidence) {
            self.push(field, line, severity, finding, Some(value), confidence, false);
        } else {
            self.push(field, line, severity, finding, None, 0, false);
        }
        applied
    }

    /// A matter of form: certain, and always applied.
    pub fn rewrite(&mut self, field: Field, line: Option<u32>, finding: Finding<'_>, value: String) {
        self.write(field, line, &value);
        self.push(field, line, Severity::Info, finding, Some(value), CERTAIN, true);
    }

    #[allow(clippy::too_many_arguments)] // the issue's own fields
    fn push(
        &mut self,
        field: Field,
        line: Option<u32>,
        severity: Severity,
        finding: Finding<'_>,
        suggestion: Option<String>,
        confidence: u32,
        applied: bool,
    ) {
        let (code, message) = (finding.code().to_string(), (self.say)(&finding, self.country));
        self.issues.push(Issue { field, line, severity, code, message, suggestion, confidence, applied });
    }

    /// Writes a field of the corrected address. `line` counts in the request's lines.
    pub fn write(&mut self, field: Field, line: Option<u32>, value: &str) {
        let some = Some(value.to_string());
        match field {
            Field::Country => self.address.country = value.to_string(),
            Field::Subdivision => self.address.subdivision = some,
            Field::City => self.address.city = some,
            Field::PostalCode => self.address.postal_code = some,
            Field::Name => self.address.name = some,
            Field::Company => self.address.company = some,
            Field::Phone => self.address.phone = some,
            Field::Line => {
                let at = self.lines_from.iter().position(|from| Some(*from) == line);
                if let Some(to) = at.and_then(|at| self.address.lines.get_mut(at)) {
                    *to = value.to_string();
                }
            }
        }
    }

    /// Takes the request's texts over, without what nobody sees.
    fn tidy_all(&mut self) {
        let given = &self.request.address;
        let texts = [
            (Field::Subdivision, &given.subdivision),
            (Field::City, &given.city),
            (Field::PostalCode, &given.postal_code),
            (Field::Name, &given.name),
            (Field::Company, &given.company),
            (Field::Phone, &given.phone),
        ];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            let tidied = self.tidied(field, None, text);
            if !tidied.is_empty() {
                self.write(field, None, &tidied);
                self.set(field, FieldStatus::Plausible);
            }
        }
        for (from, line) in (0_u32..).zip(&given.lines) {
            let tidied = self.tidied(Field::Line, Some(from), line);
            if !tidied.is_empty() {
                self.address.lines.push(tidied.into_owned());
                self.lines_from.push(from);
                self.set(Field::Line, FieldStatus::Plausible);
            }
        }
        self.set(Field::Country, if self.country.is_some() { FieldStatus::Confirmed } else { FieldStatus::Wrong });
    }

    fn tidied<'t>(&mut self, field: Field, line: Option<u32>, text: &'t str) -> Cow<'t, str> {
        let tidied = tidy(text);
        // An empty field that becomes an absent one is no change that anybody would want to hear of.
        if tidied != text {
            let suggestion = Some(tidied.to_string());
            self.push(field, line, Severity::Info, Finding::TextTidied, suggestion, CERTAIN, true);
        }
        if tidied.chars().any(is_unprintable) {
            self.note(field, line, Severity::Warning, Finding::UnusualCharacters);
        }
        tidied
    }

    /// Tells of an empty line that was taken out.
    pub fn blank_line(&mut self, line: u32) {
        if !self.issues.iter().any(|issue| issue.field == Field::Line && issue.applied) {
            let suggestion = Some(String::new());
            self.push(Field::Line, Some(line), Severity::Info, Finding::TextTidied, suggestion, CERTAIN, true);
        }
    }

    pub fn statuses(&self) -> &[FieldStatus; 8] {
        &self.statuses
    }
}
