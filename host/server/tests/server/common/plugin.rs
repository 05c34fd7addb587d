//! Plugins of a few instructions, built from the contract's WIT on the spot, for what a server has to do whatever the plugin says.
#![allow(dead_code)] // each test file uses its part

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Memory that is zero means `ok` with empty lists, for `configure` and `run` alike.
pub const ANSWERS_NOTHING: &str = "(i32.const 16)";
pub const LOOPS: &str = "(loop $again (br $again)) (i32.const 16)";
pub const TRAPS: &str = "(unreachable)";
/// `err` with the texts of the data segments below; the field only in the second.
pub const DECLINES: &str = "(call $decline) (i32.const 128)";
pub const DECLINES_A_FIELD: &str = "(call $decline) (i32.store8 (i32.const 148) (i32.const 1)) (i32.const 128)";
/// One quote at a price of -1: service, name and carrier are empty.
pub const PAYS_THE_SHOPPER: &str =
    "(i32.store (i32.const 132) (i32.const 1024)) (i32.store (i32.const 136) (i32.const 1))
    (i64.store (i32.const 1056) (i64.const -1)) (i32.const 128)";

/// What `configure` says: nothing, or that `/zones/0` is wrong.
pub const TAKES_ANYTHING: &str = "(i32.const 16)";
pub const REFUSES_A_ZONE: &str = "(call $refuse) (i32.const 256)";

/// A component whose `run` is these instructions.
pub fn plugin(run: &str) -> Vec<u8> {
    configured(TAKES_ANYTHING, run)
}

/// The same with a section of its own at the end, such as a manifest.
pub fn with_section(mut component: Vec<u8>, name: &str, data: &str) -> Vec<u8> {
    let number = |mut value: usize, bytes: &mut Vec<u8>| {
        while value > 0x7f {
            bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
    };
    let mut content = Vec::new();
    number(name.len(), &mut content);
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(data.as_bytes());
    component.push(0);
    number(content.len(), &mut component);
    component.extend_from_slice(&content);
    component
}

/// A component whose `configure` and `run` are these instructions.
pub fn configured(configure: &str, run: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (memory (export "memory") 64)
            (global $top (mut i32) (i32.const 65536))
            (data (i32.const 512) "OUT_OF_BOXESthe boxes are gone/lines/0/size")
            (func $decline
                (i32.store8 (i32.const 128) (i32.const 1))
                (i32.store (i32.const 132) (i32.const 512)) (i32.store (i32.const 136) (i32.const 12))
                (i32.store (i32.const 140) (i32.const 524)) (i32.store (i32.const 144) (i32.const 18))
                (i32.store (i32.const 152) (i32.const 542)) (i32.store (i32.const 156) (i32.const 13)))
            (data (i32.const 768) "/zones/01no such zonegive a zone")
            (func $text (param $at i32) (param $from i32) (param $length i32)
                (i32.store (local.get $at) (local.get $from))
                (i32.store (i32.add (local.get $at) (i32.const 4)) (local.get $length)))
            (func $refuse
                (i32.store8 (i32.const 256) (i32.const 1))
                (i32.store (i32.const 260) (i32.const 288)) (i32.store (i32.const 264) (i32.const 1))
                (call $text (i32.const 288) (i32.const 768) (i32.const 8))
                (call $text (i32.const 296) (i32.const 776) (i32.const 1))
                (call $text (i32.const 304) (i32.const 777) (i32.const 12))
                (call $text (i32.const 312) (i32.const 789) (i32.const 11)))
            (func (export "cabi_realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and
                    (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
                    (i32.sub (i32.const 0) (local.get $align))))
                (global.set $top (i32.add (local.get $at) (local.get $size)))
                (local.get $at))
            (func (export "cartwright:plugin/settings@1.0.0#configure") (param i32 i32) (result i32) {configure})
            (func (export "cartwright:plugin/shipping-quote@1.0.0#run") (param i32) (result i32) {run}))"#
    );
    let mut module = wat::parse_str(text).expect("the text is a module");
    let mut resolve = Resolve::default();
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let (package, _) = resolve.push_dir(contract).expect("the contract's WIT");
    let world = resolve.select_world(&[package], Some("shipping-quote-plugin")).expect("the world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata");
    let mut encoder = ComponentEncoder::default().validate(true).module(&module).expect("a module of that world");
    encoder.encode().expect("a component")
}
