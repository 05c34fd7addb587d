//! What install refuses, by name; and the cache.

use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{Engine, EngineOptions, InstallError, Limits};
use cartwright_tests::{cart, component, engine};
use std::fs;

fn refused(component: &[u8], settings: &str) -> InstallError {
    engine().install(component, settings).err().expect("it is refused")
}

#[test]
fn what_is_not_a_component_is_refused_with_the_remedy() {
    for bytes in [&b"not wasm at all"[..], &b""[..], &component("hostile")[..1_000]] {
        let error = refused(bytes, "{}");
        assert!(matches!(error, InstallError::NotAComponent(_)), "{error}");
        assert!(error.to_string().contains("cargo build --target wasm32-wasip2 --release"), "{error}");
    }
    let module = wat::parse_str("(module)").expect("a core module");
    assert!(refused(&module, "{}").to_string().contains("it is a core module"));
}

#[test]
fn an_import_that_is_not_offered_is_refused_by_name() {
    for name in ["wasi:sockets/tcp@0.2.6", "wasi:http/outgoing-handler@0.2.6", "evil:host/shell"] {
        let bytes = wat::parse_str(format!("(component (import \"{name}\" (instance)))")).expect("a component");
        let InstallError::ImportNotOffered { name: found, .. } = refused(&bytes, "{}") else { panic!("{name}") };
        assert_eq!(found, name);
    }
}

#[test]
fn a_component_without_settings_or_hooks_is_refused_by_what_is_missing() {
    let empty = wat::parse_str("(component)").expect("a component");
    assert!(refused(&empty, "{}").to_string().contains("does not export `cartwright:plugin/settings@1.0.0`"));
    let settings =
        wat::parse_str(r#"(component (instance $none) (export "cartwright:plugin/settings@1.0.0" (instance $none)))"#);
    let error = refused(&settings.expect("a component"), "{}").to_string();
    assert!(error.contains("does not export `one of cartwright:plugin/shipping-quote@1.0.0"), "{error}");
}

#[test]
fn an_export_of_another_type_is_refused_by_name() {
    let bytes = wat::parse_str(
        r#"(component
            (core module $m (func (export "run")))
            (core instance $i (instantiate $m))
            (func $run (canon lift (core func $i "run")))
            (instance $hook (export "run" (func $run)) (export "configure" (func $run)))
            (export "cartwright:plugin/settings@1.0.0" (instance $hook))
            (export "cartwright:plugin/shipping-quote@1.0.0" (instance $hook)))"#,
    );
    let error = refused(&bytes.expect("a component"), "{}");
    let InstallError::WrongType { export, .. } = &error else { panic!("{error}") };
    assert_eq!(export, "cartwright:plugin/settings@1.0.0#configure");
}

#[test]
fn a_component_that_starts_with_4_gib_is_refused_with_the_limit() {
    let bytes = wat::parse_str(
        r#"(component
            (core module $m (memory 65536) (func (export "run")))
            (core instance $i (instantiate $m))
            (func $run (canon lift (core func $i "run")))
            (instance $hook (export "run" (func $run)) (export "configure" (func $run)))
            (export "cartwright:plugin/settings@1.0.0" (instance $hook))
            (export "cartwright:plugin/shipping-quote@1.0.0" (instance $hook)))"#,
    );
    let error = refused(&bytes.expect("a component"), "{}").to_string();
    assert!(error.contains("memory") && error.contains("limit"), "{error}");
}

#[test]
fn settings_and_components_above_their_limits_are_refused_with_both_sizes() {
    let limits = Limits { component: 1_000, ..Limits::default() };
    let error = engine().install_with(&component("hostile"), "{}", limits).err().expect("too large");
    assert!(matches!(error, InstallError::ComponentTooLarge { limit: 1_000, .. }), "{error}");
    let limits = Limits { settings: 1, ..Limits::default() };
    let error = engine().install_with(&component("hostile"), "{}", limits).err().expect("too large");
    assert!(matches!(error, InstallError::SettingsTooLarge { size: 2, limit: 1 }), "{error}");
}

#[test]
fn settings_are_refused_with_pointer_value_and_remedy() {
    let error = refused(&component("hostile"), r#"{"run": "dance", "runn": "loop"}"#);
    let InstallError::SettingsRefused(issues) = &error else { panic!("{error}") };
    let run = issues.iter().find(|issue| issue.path == "/run").expect("the wrong value is named");
    assert!(run.value.contains("dance") && run.remedy.contains("loop"), "{run}");
    assert!(issues.iter().any(|issue| issue.path == "/runn"), "the unknown field is named: {error}");
}

#[test]
fn settings_that_are_cut_deep_or_doubled_are_refused() {
    let deep = "[".repeat(100_000);
    for settings in [r#"{"run": "#, "", deep.as_str(), r#"{"run": "none", "run": "loop"}"#, "[]", "null", "\u{0}"] {
        let error = refused(&component("hostile"), settings);
        assert!(matches!(error, InstallError::SettingsRefused(_)), "{error}");
    }
}

#[test]
fn a_second_engine_finds_in_the_cache_what_the_first_compiled_and_answers_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || {
        let cache = Some(folder.path().to_owned());
        Engine::new(EngineOptions { cache, sandboxes: 4, ..EngineOptions::default() }).expect("an engine")
    };
    let answer = |engine: &Engine| {
        let plugin = engine.install(&component("hostile"), r#"{"run": "remember"}"#).expect("installs");
        (plugin.snapshot().to_owned(), plugin.call::<ShippingQuote>(&cart(2), &[]).outcome.expect("answers"))
    };
    let first = answer(&start());
    let entries = || fs::read_dir(folder.path()).expect("the cache").count();
    let kept = entries();
    assert_eq!(answer(&start()), first);
    assert_eq!(entries(), kept, "nothing was compiled again");

    for entry in fs::read_dir(folder.path()).expect("the cache").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "cwasm") {
            let mut code = fs::read(entry.path()).expect("machine code");
            let middle = code.len() / 2;
            code[middle] ^= 1;
            fs::write(entry.path(), code).expect("tampered");
        }
    }
    assert_eq!(answer(&start()), first, "a tampered entry is compiled again, not run");
}
