//! What a server says when it does not do what it was asked: problem details, as complaints.
//!
//! What this module must not know: which command asked.

use crate::complaint::{Complaint, Exit};
use crate::table::plain;
use serde::Deserialize;

/// RFC 9457, with what the server adds to it. Everything may be missing: what answers may be a proxy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    title: String,
    detail: String,
    /// The request's id.
    instance: String,
    code: String,
    field: Option<String>,
    /// What to do.
    remedy: Option<String>,
    /// Where several things are wrong at once.
    errors: Vec<FieldError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldError {
    #[serde(alias = "pointer")]
    field: Option<String>,
    #[serde(alias = "message")]
    detail: String,
}

/// What a field of the body is called where the user wrote it: the pointer's beginning, and the file.
pub type Origin<'a> = (&'a str, &'a str);

impl Problem {
    /// From the body of an answer of this status.
    pub fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// The server's words, the place, the remedy and the request's id.
    pub fn complaint(&self, status: u16, asked: &str, origin: Option<Origin<'_>>) -> Complaint {
        let exit = match status {
            429 | 500.. => Exit::Unanswered,
            300..400 => Exit::Failed,
            _ => Exit::Refused,
        };
        let complaint = Complaint::new(exit, self.words(status, asked, origin));
        match self.remedy.as_deref().map(plain).or_else(|| self.hint(status)) {
            Some(hint) => complaint.hint(hint),
            None => complaint,
        }
    }

    fn words(&self, status: u16, asked: &str, origin: Option<Origin<'_>>) -> String {
        let request = match plain(&self.instance) {
            id if id.is_empty() => id,
            id => format!(" (request {id})"),
        };
        if self.detail.is_empty() && self.errors.is_empty() {
            let title = if self.title.is_empty() { String::new() } else { format!(": {}", plain(&self.title)) };
            return format!("the server answered {asked} with status {status}{title}{request}");
        }
        let one = |field: &Option<String>, detail: &str| {
            let detail = plain(detail);
            match field {
                Some(field) => format!("{}: {detail}", place(field, origin)),
                None => detail,
            }
        };
        match self.errors.as_slice() {
            [] => one(&self.field, &self.detail) + &request,
            [only] => one(&only.field, &only.detail) + &request,
            several => {
                // The server's own sentence tells the first of them, which the list does as well.
                let lines = several.iter().map(|error| format!("\n  {}", one(&error.field, &error.detail)));
                format!("{} things are wrong{request}{}", several.len(), lines.collect::<String>())
            }
        }
    }

    /// Where the server has no remedy of its own.
    fn hint(&self, status: u16) -> Option<String> {
        let hint = match status {
            401 => "give a token that is valid: --token-file FILE, CARTWRIGHT_TOKEN, or `cartwright login`",
            403 => "ask with a token that may do this; `cartwright token --help` names the kinds",
            404 if self.code == "UNKNOWN_PATH" => {
                "is this the server's address, is it of this version, and was it started with --store?"
            }
            404 => "check the name; `cartwright shop list`, `installs SHOP` and `packages` show what there is",
            409 if self.code.is_empty() => "somebody else was quicker; look at what is there now",
            412 => "it has changed since it was read; look at it with `cartwright history`, then decide again",
            429 => "it was asked too often; wait a little",
            500 => "the server's log has more under this request's id",
            502..=504 => "try again; what was asked may be asked twice",
            _ => return None,
        };
        Some(hint.into())
    }
}

/// `/settings/zones/0` as `settings.json: /zones/0`.
fn place(field: &str, origin: Option<Origin<'_>>) -> String {
    match origin.and_then(|(prefix, file)| Some((field.strip_prefix(prefix)?, file))) {
        Some(("", file)) => format!("`{file}`"),
        Some((rest, file)) if rest.starts_with('/') => format!("`{file}`: {}", plain(rest)),
        _ => plain(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> String {
        Problem::read(body.as_bytes()).complaint(status, "GET /v1/shops", Some(("/settings", "s.json"))).to_string()
    }

    #[test]
    fn a_field_of_the_settings_is_told_by_the_users_file() {
        let body = r#"{"title":"t","detail":"-1 is below 0","instance":"r1","code":"SETTINGS","field":"/settings/zones/0/price"}"#;
        assert_eq!(told(422, body), "`s.json`: /zones/0/price: -1 is below 0 (request r1)");
        assert_eq!(told(422, r#"{"detail":"no","field":"/settings"}"#), "`s.json`: no");
        assert_eq!(told(422, r#"{"detail":"no","field":"/settingsOfOthers"}"#), "/settingsOfOthers: no");
    }

    #[test]
    fn several_mistakes_are_told_one_a_line() {
        let body =
            r#"{"detail":"2 mistakes","errors":[{"field":"/settings/a","detail":"x"},{"pointer":"/b","message":"y"}]}"#;
        assert_eq!(told(422, body), "2 things are wrong\n  `s.json`: /a: x\n  /b: y");
    }

    #[test]
    fn what_is_no_problem_document_is_told_by_its_status() {
        for body in ["", "<html>", "[]", "{}"] {
            assert_eq!(told(502, body), "the server answered GET /v1/shops with status 502", "{body}");
        }
    }

    #[test]
    fn what_a_server_writes_does_not_move_the_cursor() {
        assert_eq!(told(422, "{\"detail\":\"a\\u001b[2Jb\\nc\"}"), "a[2Jb c");
    }
}
