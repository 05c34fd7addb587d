//! A request of a plan, checked and made ready to be sent.
//!
//! What this module must not know: connections, caches, breakers.

use crate::addresses::Networks;
use crate::error::Problem;
use crate::hosts::Target;
use crate::options::OutsideOptions;
use crate::scope::Scope;
use cartwright_contract::outside::{HttpRequest, Method};
use hyper::HeaderMap;
use hyper::header::{ACCEPT_ENCODING, HeaderName, HeaderValue, USER_AGENT};
use std::collections::BTreeMap;
use url::Url;

/// What is sent when the plugin does not say who asks.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("cartwright/", env!("CARGO_PKG_VERSION")));

/// Headers that say how a message is framed or whom it is for: the client's to write, not the plugin's.
const OURS: [&str; 15] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "forwarded",
];

pub(crate) struct Prepared<'a> {
    pub request: &'a HttpRequest,
    pub target: Target,
    pub uri: hyper::Uri,
    /// With secrets. Marked as sensitive where one is in them.
    pub headers: HeaderMap,
    /// The secrets that the headers carry, by name.
    pub used: BTreeMap<&'a str, &'a str>,
}

/// Everything that can be said of a request before anybody is asked.
pub(crate) fn prepare<'a>(
    scope: &'a Scope,
    request: &'a HttpRequest,
    options: &OutsideOptions,
    networks: &Networks,
) -> Result<Prepared<'a>, Problem> {
    let (target, uri) = whom(scope, &request.url, options, networks)?;
    if request.method == Method::Get && !request.body.is_empty() {
        return Err(Problem::BodyOfGet(request.body.len()));
    }
    within("body", request.body.len(), options.request_bytes)?;
    let mut used = BTreeMap::new();
    let headers = headers(scope, request, options, &target, &mut used)?;
    Ok(Prepared { request, target, uri, headers, used })
}

fn whom(
    scope: &Scope,
    text: &str,
    options: &OutsideOptions,
    networks: &Networks,
) -> Result<(Target, hyper::Uri), Problem> {
    within("URL", text.len(), options.url_bytes)?;
    let refused = |why: String| Problem::Url(why);
    // The standard's parser would silently drop line ends and tabs, and another reader of the same text might not.
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(refused("it has white space or control characters; write them percent-encoded".into()));
    }
    let mut url =
        Url::parse(text).map_err(|e| refused(format!("{e}; write one such as https://api.example.com/v1")))?;
    match url.scheme() {
        "https" => {}
        "http" if options.allow_http => {}
        "http" => return Err(refused("it is not encrypted; write https:, or have the operator allow http:".into())),
        other => return Err(refused(format!("the scheme {other:?} is not https:"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it holds credentials; put `{{secret:NAME}}` into a header".into()));
    }
    // A fragment is never sent.
    url.set_fragment(None);
    let target = Target::of(&url).ok_or_else(|| refused("it names no host".into()))?;
    if !scope.declared.allows(&target) {
        return Err(Problem::HostNotDeclared { host: target.to_string(), declared: scope.declared.to_string() });
    }
    if let Some(granted) = scope.granted.as_ref().filter(|granted| !granted.allows(&target)) {
        return Err(Problem::HostNotGranted { host: target.to_string(), granted: granted.to_string() });
    }
    // Names are looked up later, and their addresses checked then.
    if let Some(address) = target.address.filter(|address| !networks.allow(*address)) {
        return Err(Problem::AddressNotAllowed { host: target.to_string(), address: address.to_string() });
    }
    let uri = url.as_str().parse().map_err(|e| refused(format!("{e}")))?;
    Ok((target, uri))
}

fn headers<'a>(
    scope: &'a Scope,
    request: &'a HttpRequest,
    options: &OutsideOptions,
    target: &Target,
    used: &mut BTreeMap<&'a str, &'a str>,
) -> Result<HeaderMap, Problem> {
    within("list of headers", request.headers.len(), options.request_headers)?;
    let bytes = request.headers.iter().map(|field| field.name.len() + field.value.len()).sum();
    within("headers", bytes, options.request_header_bytes)?;
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 2);
    for field in &request.headers {
        let refused = |why: &str| Problem::Header { name: field.name.chars().take(64).collect(), why: why.into() };
        let name = HeaderName::from_bytes(field.name.as_bytes())
            .map_err(|_| refused("its name is not a token such as `x-api-key`"))?;
        if OURS.contains(&name.as_str()) {
            return Err(refused("the host writes it itself"));
        }
        // Checked before and after: a value is one line, and so is a secret.
        if field.value.chars().any(|c| c.is_control() && c != '\t') {
            return Err(refused("its value has a control character, such as the end of a line"));
        }
        let so_far = used.len();
        let value = scope.secrets.inject(&field.name, &field.value, target, used)?;
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused("its value is not one line"))?;
        value.set_sensitive(used.len() > so_far || field.value.contains("{{secret:"));
        headers.append(name, value);
    }
    // Replies come as they are: nobody has to guard against a small reply that unpacks to a huge one.
    headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
    headers.entry(USER_AGENT).or_insert(AGENT);
    Ok(headers)
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), Problem> {
    if found <= limit { Ok(()) } else { Err(Problem::RequestTooLarge { what, found, limit }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::Hosts;
    use crate::secrets::Secrets;
    use cartwright_contract::outside::Field;

    fn scope() -> Scope {
        let mut scope = Scope::new("demo", Hosts::new(["api.example", "plain.example", "10.0.0.1"]).unwrap());
        scope.granted = Some(Hosts::new(["api.example", "10.0.0.1"]).unwrap());
        scope.secrets = Secrets::new().with("KEY", "s3cret-value").unwrap();
        scope
    }

    fn code(request: &HttpRequest) -> &'static str {
        prepare(&scope(), request, &OutsideOptions::default(), &Networks::default()).err().map_or("", |p| p.code())
    }

    fn get(url: &str) -> HttpRequest {
        HttpRequest { id: "a".into(), url: url.into(), ..HttpRequest::default() }
    }

    fn with_header(name: &str, value: &str) -> HttpRequest {
        let field = Field { name: name.into(), value: value.into() };
        HttpRequest { headers: vec![field], ..get("https://api.example/") }
    }

    #[test]
    fn a_url_is_absolute_encrypted_and_without_credentials() {
        assert_eq!(code(&get("https://api.example/v1?q=1#part")), "");
        for url in [
            "",
            "/v1",
            "api.example/v1",
            "http://api.example/",
            "ftp://api.example/",
            "file:///etc/passwd",
            "https://user@api.example/",
            "https://user:pass@api.example/",
            "https://:pass@api.example/",
            "https://api.example/a b",
            "https://api.exa\nmple/",
            "https://api.example/\r\nHost: x",
            "data:,x",
        ] {
            assert_eq!(code(&get(url)), "URL_REFUSED", "{url:?}");
        }
        assert_eq!(code(&get(&format!("https://api.example/{}", "x".repeat(9000)))), "REQUEST_TOO_LARGE");
    }

    #[test]
    fn a_host_is_declared_by_the_manifest_and_granted_by_the_operator() {
        assert_eq!(code(&get("https://other.example/")), "HOST_NOT_DECLARED");
        assert_eq!(code(&get("https://api.example@other.example/")), "URL_REFUSED");
        assert_eq!(code(&get("https://api.example:444/")), "HOST_NOT_DECLARED");
        assert_eq!(code(&get("https://plain.example/")), "HOST_NOT_GRANTED");
        assert_eq!(code(&get("https://10.0.0.1/")), "ADDRESS_NOT_ALLOWED");
        assert_eq!(code(&get("https://0xa000001/")), "ADDRESS_NOT_ALLOWED");
    }

    #[test]
    fn headers_cannot_frame_the_message_or_start_another() {
        assert_eq!(code(&with_header("X-Api-Key", "{{secret:KEY}}")), "");
        assert_eq!(code(&with_header("x-name", "Zoë\tÅ")), "");
        for name in OURS {
            assert_eq!(code(&with_header(&name.to_uppercase(), "x")), "HEADER_REFUSED", "{name}");
        }
        for (name, value) in
            [("", "x"), ("a b", "x"), ("a:", "x"), ("a\r\nb", "x"), ("a", "x\r\nb: c"), ("a", "x\n"), ("a", "\0")]
        {
            assert_eq!(code(&with_header(name, value)), "HEADER_REFUSED", "{name:?}: {value:?}");
        }
        assert_eq!(code(&with_header("a", "{{secret:OTHER}}")), "UNKNOWN_SECRET");
    }

    #[test]
    fn a_request_is_bounded() {
        assert_eq!(code(&HttpRequest { body: vec![b'x'], ..get("https://api.example/") }), "BODY_OF_GET");
        let post = |bytes| HttpRequest { method: Method::Post, body: vec![0; bytes], ..get("https://api.example/") };
        assert_eq!(code(&post(256 << 10)), "");
        assert_eq!(code(&post((256 << 10) + 1)), "REQUEST_TOO_LARGE");
        assert_eq!(code(&with_header("a", &"x".repeat(9000))), "REQUEST_TOO_LARGE");
        let many = vec![Field { name: "a".into(), value: "b".into() }; 33];
        assert_eq!(code(&HttpRequest { headers: many, ..get("https://api.example/") }), "REQUEST_TOO_LARGE");
    }

    #[test]
    fn a_header_with_a_secret_is_hidden_from_whoever_prints_it() {
        let scope = scope();
        let request = with_header("x-api-key", "Bearer {{secret:KEY}}");
        let prepared = prepare(&scope, &request, &OutsideOptions::default(), &Networks::default()).ok().unwrap();
        assert_eq!(prepared.headers["x-api-key"], "Bearer s3cret-value");
        assert!(!format!("{:?}", prepared.headers).contains("s3cret"));
    }
}
