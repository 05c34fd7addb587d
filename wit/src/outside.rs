//! What the host fetches for a plugin between `plan` and `run`: `outside.wit`.

use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

#[contract]
pub enum Method {
    Get,
    Post,
}

/// One header or query field.
#[contract]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// A request that the host is asked to make.
#[contract]
pub struct HttpRequest {
    /// The plugin's name for it; unique within one plan.
    pub id: String,
    pub method: Method,
    /// Absolute, with a host that the plugin's manifest names.
    pub url: String,
    /// `{{secret:NAME}}` in a value is replaced by the host with the shop's secret; the plugin never sees it.
    pub headers: Vec<Field>,
    pub body: Vec<u8>,
    /// How long the host waits at the most, in milliseconds.
    pub timeout: u32,
    /// For how many seconds an earlier answer to the same request may be used instead.
    pub cache_for: u32,
}

#[contract]
pub struct HttpReply {
    pub status: u16,
    pub headers: Vec<Field>,
    pub body: Vec<u8>,
}

#[contract]
pub enum HttpFailure {
    /// The manifest does not name this host, or the operator forbids it.
    NotAllowed,
    /// No connection, or it broke.
    Unreachable,
    /// The deadline passed.
    TimedOut,
    /// More bytes than the host's limit.
    TooLarge,
    /// The breaker is open: this host failed too often of late.
    BreakerOpen,
}

/// What became of one request of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(rename_all = "camelCase", deny_unknown_fields))]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
    component(record)
)]
pub struct HttpResponse {
    /// The request's `id`.
    pub id: String,
    pub outcome: Result<HttpReply, HttpFailure>,
}
