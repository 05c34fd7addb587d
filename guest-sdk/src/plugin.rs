//! `plugin!`: makes a crate a component. It says which hooks the plugin serves and what its manifest holds.

/// Makes the crate a plugin.
///
/// ```ignore
/// cartwright_sdk::plugin! { ByWeight: shipping_quote }
///
/// cartwright_sdk::plugin! {
///     LiveRates: shipping_quote + shipping_quote_plan,
///     sees: ["customer.email"],
///     calls: ["rates.example.com"],
/// }
/// ```
///
/// Before the colon stands the type that implements [`Configure`](crate::settings::Configure) (as every settings type does)
/// and the hooks' traits; after it the hooks, by the names of their modules in [`hooks`](crate::hooks). `sees` names the
/// personal fields of a request that the plugin wants; all others arrive empty. `calls` names the hosts that its plan may
/// ask; `settings:/service/host` is the host that the merchant's settings name at that place. Name, version and description come from the crate's own Cargo.toml; all of it is the [manifest](crate::manifest).
///
/// Once per crate. Natively it only checks that the traits are there.
#[macro_export]
macro_rules! plugin {
    ($plugin:ident: $first:ident $(+ $hook:ident)* $(, sees: [$($sees:literal),* $(,)?])? $(, calls: [$($calls:literal),* $(,)?])? $(,)?) => {
        #[doc(hidden)]
        #[allow(unsafe_code, reason = "the edge of the component")]
        const _: () = {
            const MANIFEST: &[$crate::schema::Piece] = &$crate::__manifest!(
                [$crate::hooks::$first::HOOK $(, $crate::hooks::$hook::HOOK)*] [$($($sees),*)?] [$($($calls),*)?]
            );
            const SCHEMA: &[$crate::schema::Piece] =
                $crate::schema::document::<<$plugin as $crate::settings::Configure>::Settings>();

            impl $crate::manifest::Plugin for $plugin {
                const MANIFEST: &'static [$crate::schema::Piece] = MANIFEST;
            }

            #[cfg(target_family = "wasm")]
            const _: () = {
                #[unsafe(link_section = "cartwright:manifest")]
                static MANIFEST_TEXT: [u8; $crate::schema::length(MANIFEST)] = $crate::schema::text(MANIFEST);
                #[unsafe(link_section = "cartwright:settings-schema")]
                static SCHEMA_TEXT: [u8; $crate::schema::length(SCHEMA)] = $crate::schema::text(SCHEMA);

                impl $crate::__private::Home for $plugin {
                    fn place() -> &'static $crate::__private::Place<Self> {
                        static PLACE: $crate::__private::Place<$plugin> = $crate::__private::Place::new();
                        &PLACE
                    }
                }

                type CartwrightExports = $crate::__private::Exports<$plugin>;
                $crate::__private::settings::export!(CartwrightExports with_types_in $crate::__private::settings);
                $crate::hooks::$first::edge::export!(CartwrightExports with_types_in $crate::hooks::$first::edge);
                $($crate::hooks::$hook::edge::export!(CartwrightExports with_types_in $crate::hooks::$hook::edge);)*
            };
        };
    };
}
