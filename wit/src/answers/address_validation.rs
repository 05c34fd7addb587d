//! What an address-validation answer has to keep to.

use super::breach;
use crate::address_validation::{Answer, Field, FieldStatus, Issue, Request, Severity, Verdict};
use crate::types::{Address, Failure};
use crate::validate::{LONGEST_NAME, LONGEST_TEXT, address};
use alloc::format;
use alloc::string::String;

/// Issues of one answer.
pub const MOST_ISSUES: usize = 100;
/// Lines of a label: ten of the address, and what stands around them.
pub const MOST_LABEL_LINES: usize = 20;
/// Bytes of a line of a label: several fields may share one, and upper case may be longer than lower.
const LONGEST_LABEL_LINE: usize = 8 * LONGEST_TEXT;
/// The whole, in millionths.
const CERTAIN: u32 = 1_000_000;

impl Answer {
    /// # Errors
    /// The first field, as a JSON pointer into the answer, that is not what the contract says of it: a field that is listed twice, an
    /// issue of a line that the request does not have, without code or message, with a confidence above the whole, or applied without a
    /// suggestion; a corrected address beyond the ranges of an address; a verdict that the issues or the corrected address belie.
    pub fn check(&self, request: &Request) -> Result<(), Failure> {
        address("/corrected", &self.corrected)
            .map_err(|failure| breach(failure.field.unwrap_or_default(), failure.message))?;
        for (index, result) in self.fields.iter().enumerate() {
            if self.fields[..index].iter().any(|earlier| earlier.field == result.field) {
                let message = format!("{:?} is there already; give each field once", result.field);
                return Err(breach(format!("/fields/{index}/field"), message));
            }
        }
        if self.issues.len() > MOST_ISSUES {
            let message = format!("{} issues are too many; give at most {MOST_ISSUES}", self.issues.len());
            return Err(breach("/issues".into(), message));
        }
        for (index, issue) in self.issues.iter().enumerate() {
            check_issue(index, issue, request.address.lines.len())?;
        }
        if self.label.len() > MOST_LABEL_LINES {
            let message =
                format!("{} lines are too many for a label; give at most {MOST_LABEL_LINES}", self.label.len());
            return Err(breach("/label".into(), message));
        }
        if let Some(index) = self.label.iter().position(|line| line.len() > LONGEST_LABEL_LINE) {
            let message = format!("a line of {} bytes; give at most {LONGEST_LABEL_LINE}", self.label[index].len());
            return Err(breach(format!("/label/{index}"), message));
        }
        self.check_verdict(request)
    }

    /// A verdict that says one thing while the fields say another would be acted on wrongly.
    fn check_verdict(&self, request: &Request) -> Result<(), Failure> {
        let belied = |message: &str| Err(breach("/verdict".into(), message.into()));
        let missing = self.fields.iter().any(|result| result.status == FieldStatus::Missing);
        let error = self.issues.iter().any(|issue| issue.severity == Severity::Error && !issue.applied);
        let same = postal(&self.corrected) == postal(&request.address);
        match self.verdict {
            Verdict::Deliverable if !same => belied("a deliverable address is corrected; say `corrected`"),
            Verdict::Corrected if same => belied("nothing is corrected; say `deliverable`"),
            Verdict::Deliverable | Verdict::Corrected if error || missing => {
                belied("a field is missing or has an error; say `incomplete` or `undeliverable`")
            }
            Verdict::Incomplete if !missing => belied("no field is `missing`; say what is"),
            Verdict::Undeliverable if !error => belied("no issue is an error; say what is wrong"),
            _ => Ok(()),
        }
    }
}

fn check_issue(index: usize, issue: &Issue, lines: usize) -> Result<(), Failure> {
    let at = |key: &str| format!("/issues/{index}/{key}");
    if let Some(line) = issue.line {
        if issue.field != Field::Line {
            return Err(breach(at("line"), format!("{:?} has no lines; leave `line` out", issue.field)));
        }
        super::index_of(|| at("line"), line, lines, "line of the request's address")?;
    }
    let name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if issue.code.is_empty() || issue.code.len() > LONGEST_NAME || !issue.code.bytes().all(name) {
        let shown: String = issue.code.chars().take(40).collect();
        return Err(breach(
            at("code"),
            format!("{shown:?} is no code; give upper-case letters, digits and underscores"),
        ));
    }
    if issue.message.is_empty() || issue.message.len() > 4 * LONGEST_TEXT {
        let message =
            format!("{} bytes are no sentence for a shopper; give 1 to {}", issue.message.len(), 4 * LONGEST_TEXT);
        return Err(breach(at("message"), message));
    }
    if issue.confidence > CERTAIN {
        let message = format!("{} ppm are more than the whole; give 0 to {CERTAIN}", issue.confidence);
        return Err(breach(at("confidence"), message));
    }
    if issue.applied && issue.suggestion.is_none() {
        return Err(breach(at("suggestion"), "an applied issue says what the field became; give it".into()));
    }
    Ok(())
}

/// What a carrier reads; what is not written on a parcel may be filled in without being a correction.
fn postal(address: &Address) -> Address {
    Address { residential: None, coordinates: None, ..address.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address_validation::FieldResult;
    use crate::types::Coordinates;
    use alloc::vec;

    fn request() -> Request {
        let address = Address { country: "US".into(), lines: vec!["1 Main St".into()], ..Address::default() };
        Request { address, ..Request::default() }
    }

    fn answer() -> Answer {
        let issue = Issue {
            field: Field::Line,
            line: Some(0),
            code: "PO_BOX".into(),
            message: "A box.".into(),
            ..Issue::default()
        };
        Answer {
            corrected: request().address,
            fields: vec![
                FieldResult { field: Field::City, status: FieldStatus::Plausible },
                FieldResult { field: Field::Line, status: FieldStatus::Plausible },
            ],
            issues: vec![issue],
            label: vec!["1 Main St".into()],
            ..Answer::default()
        }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Answer));

    #[test]
    fn every_breach_is_named_and_a_sound_answer_passes() {
        assert_eq!(answer().check(&request()), Ok(()));
        let breaches: [Breach; 17] = [
            ("/corrected/country", |a| a.corrected.country = "us".into()),
            ("/corrected/lines/0", |a| a.corrected.lines[0] = "x".repeat(1_001)),
            ("/fields/1/field", |a| a.fields[1].field = Field::City),
            ("/issues", |a| a.issues = vec![a.issues[0].clone(); 101]),
            ("/issues/0/line", |a| a.issues[0].line = Some(1)),
            ("/issues/0/line", |a| a.issues[0].field = Field::City),
            ("/issues/0/code", |a| a.issues[0].code = "po box".into()),
            ("/issues/0/message", |a| a.issues[0].message.clear()),
            ("/issues/0/confidence", |a| a.issues[0].confidence = 1_000_001),
            ("/issues/0/suggestion", |a| a.issues[0].applied = true),
            ("/label", |a| a.label = vec!["x".into(); 21]),
            ("/label/0", |a| a.label[0] = "x".repeat(8_001)),
            ("/verdict", |a| a.corrected.city = Some("Portland".into())),
            ("/verdict", |a| a.verdict = Verdict::Corrected),
            ("/verdict", |a| a.fields[0].status = FieldStatus::Missing),
            ("/verdict", |a| a.verdict = Verdict::Incomplete),
            ("/verdict", |a| a.verdict = Verdict::Undeliverable),
        ];
        for (field, breach) in breaches {
            let mut answer = answer();
            breach(&mut answer);
            assert_eq!(answer.check(&request()).err().and_then(|failure| failure.field).as_deref(), Some(field));
        }
    }

    #[test]
    fn knowing_where_a_home_lies_is_no_correction() {
        let mut answer = answer();
        answer.corrected.residential = Some(true);
        answer.corrected.coordinates = Some(Coordinates { latitude: 45_530_000, longitude: -122_684_000 });
        assert_eq!(answer.check(&request()), Ok(()));
    }
}
