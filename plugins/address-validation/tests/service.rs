//! The two steps with an external service: what is asked, and what becomes of every kind of answer.

use address_validation::AddressValidationPlugin;
use cartwright_contract::outside::{HttpFailure, HttpRequest, Method};
use cartwright_sdk::address_validation::plan::AddressValidationPlan;
use cartwright_sdk::address_validation::*;
use cartwright_sdk::testing::address_validation::{failed, issue, replied, validate};
use cartwright_sdk::testing::configured;
use serde_json::{Value, json};

fn plugin(service: &Value) -> AddressValidationPlugin {
    configured(json!({ "service": service }).to_string()).plugin
}

fn simple() -> Value {
    json!({ "host": "validate.example.com:8443", "path": "/v1/check", "headers": { "X-Api-Key": "{{secret:ADDRESS_KEY}}" } })
}

fn portland() -> Request {
    validate("US")
        .line("1 \"Main\" St")
        .city("Portland")
        .subdivision("Oregon")
        .postal_code("97209")
        .name("Jo Doe")
        .phone("+1 503 555 0100")
        .request()
}

#[track_caller]
fn plan(plugin: &AddressValidationPlugin, request: &Request) -> Vec<HttpRequest> {
    plugin.plan(request).unwrap()
}

#[track_caller]
fn run(request: &Request, response: HttpResponse) -> Answer {
    let answer = plugin(&simple()).run(request, &[response]).unwrap();
    assert_eq!(answer.check(request), Ok(()));
    answer
}

#[test]
fn the_plan_posts_the_corrected_address_without_the_recipient() {
    let all = plan(&plugin(&simple()), &portland());
    let [request] = &*all else { panic!("{all:?}") };
    assert_eq!((&*request.id, request.method), ("address", Method::Post));
    assert_eq!(request.url, "https://validate.example.com:8443/v1/check");
    assert_eq!((request.timeout, request.cache_for), (800, 86_400));
    let headers: Vec<_> = request.headers.iter().map(|field| (&*field.name, &*field.value)).collect();
    assert_eq!(
        headers,
        [("X-Api-Key", "{{secret:ADDRESS_KEY}}"), ("accept", "application/json"), ("content-type", "application/json")]
    );
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let expected = json!({
        "country": "US", "subdivision": "OR", "city": "Portland", "postalCode": "97209", "locale": "en", "lines": ["1 \"Main\" St"]
    });
    assert_eq!(body, expected);
}

#[test]
fn the_plan_can_put_the_address_into_the_query() {
    let mut service = simple();
    service["method"] = json!("get");
    service["insecure"] = json!(true);
    service["path"] = json!("/check?v=1");
    let request = validate("DE").line("Straße 5 & 6").city("Köln").postal_code("50667").request();
    let all = plan(&plugin(&service), &request);
    assert_eq!(
        all[0].url,
        "http://validate.example.com:8443/check?v=1&country=DE&city=K%C3%B6ln&postalCode=50667&locale=en&line=Stra%C3%9Fe%205%20%26%206"
    );
    assert!(all[0].body.is_empty());
}

#[test]
fn nothing_is_asked_without_a_service_for_other_countries_or_when_the_own_rules_know_enough() {
    let none = configured::<AddressValidationPlugin>("{}").plugin;
    assert!(plan(&none, &portland()).is_empty());
    let mut service = simple();
    service["countries"] = json!(["CA"]);
    assert!(plan(&plugin(&service), &portland()).is_empty());
    let incomplete = validate("US").city("Portland").request();
    assert!(plan(&plugin(&simple()), &incomplete).is_empty());
    let mut always = simple();
    always["ask"] = json!("always");
    assert_eq!(plan(&plugin(&always), &incomplete).len(), 1);
}

#[test]
fn a_confirmed_address_is_confirmed_field_by_field_and_tells_what_else_is_known() {
    let body = r#"{ "deliverable": true, "residential": false, "coordinates": { "latitude": 45530000, "longitude": -122684000 }, "extra": [1] }"#;
    let answer = run(&portland(), replied("address", 200, body));
    assert_eq!(answer.verdict, Verdict::Corrected, "the state's name became its code");
    assert_eq!(answer.corrected.residential, Some(false));
    assert_eq!(answer.corrected.coordinates.unwrap().longitude, -122_684_000);
    let line = answer.fields.iter().find(|result| result.field == Field::Line).unwrap();
    assert_eq!(line.status, FieldStatus::Confirmed);
    assert!(answer.reasons.iter().any(|reason| reason.code == "EXTERNAL_SERVICE_CONFIRMED"));
}

#[test]
fn a_correction_is_applied_when_it_is_sure_enough() {
    let body = |confidence| {
        json!({ "deliverable": true, "confidence": confidence, "corrected": { "postalCode": "97209-1234", "lines": ["1 N Main St"] } }).to_string()
    };
    let answer = run(&portland(), replied("address", 200, body(950_000)));
    assert_eq!(answer.corrected.postal_code.as_deref(), Some("97209-1234"));
    assert_eq!(answer.corrected.lines, ["1 N Main St"]);
    let answer = run(&portland(), replied("address", 200, body(700_000)));
    assert_eq!(answer.corrected.lines, ["1 \"Main\" St"]);
    assert_eq!(issue(&answer, "EXTERNAL_SERVICE_CORRECTED").confidence, 700_000);
}

#[test]
fn a_refusal_shows_the_services_code_and_words() {
    let body = r#"{ "deliverable": false, "code": "no-such-house", "message": "There is no house 1 in Main St." }"#;
    let answer = run(&portland(), replied("address", 200, body));
    assert_eq!(answer.verdict, Verdict::Undeliverable);
    assert_eq!(issue(&answer, "NO_SUCH_HOUSE").message, "There is no house 1 in Main St.");
    let answer = run(&portland(), replied("address", 200, r#"{ "deliverable": false, "code": "?!" }"#));
    assert_eq!(
        issue(&answer, "EXTERNAL_SERVICE_UNDELIVERABLE").message,
        "We could not find this address. Please check it."
    );
}

#[test]
fn without_an_answer_that_can_be_used_the_own_rules_decide_and_the_reason_says_why() {
    let alone = configured::<AddressValidationPlugin>("{}").plugin.run(&portland(), &[]).unwrap();
    let deep = "[".repeat(100_000);
    let long = format!("{{\"message\":\"{}\"}}", "x".repeat(1_001));
    let many = json!({ "corrected": { "lines": vec!["x"; 11] } }).to_string();
    let cases = [
        (failed("address", HttpFailure::TimedOut), "EXTERNAL_SERVICE_TIMED_OUT"),
        (failed("address", HttpFailure::NotAllowed), "EXTERNAL_SERVICE_NOT_ALLOWED"),
        (failed("address", HttpFailure::Unreachable), "EXTERNAL_SERVICE_UNREACHABLE"),
        (failed("address", HttpFailure::TooLarge), "EXTERNAL_SERVICE_TOO_LARGE"),
        (failed("address", HttpFailure::BreakerOpen), "EXTERNAL_SERVICE_BREAKER_OPEN"),
        (replied("address", 503, "{}"), "EXTERNAL_SERVICE_STATUS"),
        (replied("address", 302, ""), "EXTERNAL_SERVICE_STATUS"),
        (replied("other", 200, "{}"), "EXTERNAL_SERVICE_NOT_ASKED"),
        (replied("address", 200, ""), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, "<html>"), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, "[]"), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, b"{\"message\":\"\xff\"}"), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, r#"{ "deliverable": "yes" }"#), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, r#"{ "confidence": 0.9 }"#), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, r#"{ "confidence": 1000001 }"#), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, r#"{ "coordinates": { "latitude": 45.5 } }"#), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, &*deep), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, &*long), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
        (replied("address", 200, &*many), "EXTERNAL_SERVICE_NOT_UNDERSTOOD"),
    ];
    for (response, code) in cases {
        let answer = run(&portland(), response);
        assert_eq!((answer.verdict, &answer.corrected), (alone.verdict, &alone.corrected), "{code}");
        let reason = answer.reasons.iter().find(|reason| reason.code == code);
        let reason = reason.unwrap_or_else(|| panic!("{code} is not in {:?}", answer.reasons));
        assert!(reason.message.ends_with("The shop's own rules decided."), "{}", reason.message);
    }
    let never = plugin(&simple()).run(&portland(), &[]).unwrap();
    assert!(never.reasons.iter().any(|reason| reason.code == "EXTERNAL_SERVICE_NOT_ASKED"));
}

#[test]
fn whatever_a_service_puts_into_a_text_stays_text() {
    let body =
        json!({ "deliverable": true, "corrected": { "city": "\u{202e}Port\u{0}land\u{200b}", "lines": ["", "  "] } })
            .to_string();
    let answer = run(&portland(), replied("address", 200, body));
    assert_eq!(answer.corrected.city.as_deref(), Some("Portland"));
    assert_eq!(answer.corrected.lines, ["1 \"Main\" St"]);
}
