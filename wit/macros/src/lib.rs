//! `#[contract]`: what every type of the contract has in common, written once.
//!
//! On a struct or a fieldless enum it adds `Debug`, `Clone`, `PartialEq`, `Eq` and `Default` (an enum's first case), and
//! behind the features of `cartwright-contract`:
//!
//! - `json`: serde with camelCase names; unknown fields are refused, absent options stay absent. A field of type `Instant`
//!   or `Day` reads and writes as an RFC 3339 timestamp or date. `#[contract(default)]` on a field makes it optional in
//!   JSON, `#[contract(default = "path")]` with a value of its own.
//! - `host`: wasmtime's lifting and lowering under the WIT's kebab-case names.
//! - `openapi`: a schema with the field's documentation.
//!
//! `#[contract(wire)]` adds the compact binary form of `cartwright_contract::wire`, fields in their order, and behind the feature `shapes`
//! a description of the type, of which the browser's TypeScript is written.

mod wire;

use heck::ToKebabCase;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Type, parse_macro_input, parse_quote};

#[proc_macro_attribute]
pub fn contract(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut input = parse_macro_input!(item as DeriveInput);
    let wire = match arguments.to_string().as_str() {
        "" => Ok(Tokens::new()),
        "wire" => wire::implement(&input),
        _ => Err(syn::Error::new_spanned(&input.ident, "write #[contract] or #[contract(wire)]")),
    };
    let expanded = wire.and_then(|wire| {
        let mut expanded = expand(&mut input)?;
        expanded.extend(wire);
        Ok(expanded)
    });
    expanded.unwrap_or_else(|e| e.to_compile_error()).into()
}

fn expand(input: &mut DeriveInput) -> syn::Result<Tokens> {
    // Before the type's own attributes: a derive must stand above what it reads.
    let common: Vec<Attribute> = vec![
        parse_quote!(#[derive(Debug, Clone, PartialEq, Eq, Default)]),
        parse_quote!(#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]),
        parse_quote!(#[cfg_attr(feature = "json", serde(rename_all = "camelCase", deny_unknown_fields))]),
        parse_quote!(#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]),
        parse_quote!(#[cfg_attr(feature = "host", derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower))]),
    ];
    input.attrs.splice(0..0, common);
    match &mut input.data {
        Data::Struct(data) => {
            input.attrs.push(parse_quote!(#[cfg_attr(feature = "host", component(record))]));
            let Fields::Named(fields) = &mut data.fields else {
                return Err(syn::Error::new_spanned(&input.ident, "a contract record has named fields"));
            };
            for field in &mut fields.named {
                record_field(field)?;
            }
            Ok(quote!(#input))
        }
        Data::Enum(data) => {
            input.attrs.push(parse_quote!(#[derive(Copy, PartialOrd, Ord, Hash)]));
            input.attrs.push(parse_quote!(#[cfg_attr(feature = "host", component(enum))]));
            input.attrs.push(parse_quote!(#[repr(u8)]));
            // `_lift` is wit-bindgen's to call and keeps every case valid; reading one from JSON goes past it.
            input.attrs.push(parse_quote!(#[allow(clippy::unsafe_derive_deserialize)]));
            let cases: Vec<_> = data.variants.iter().map(|v| v.ident.clone()).collect();
            for (index, variant) in data.variants.iter_mut().enumerate() {
                if !matches!(variant.fields, Fields::Unit) {
                    return Err(syn::Error::new_spanned(variant, "a contract enum has no payloads"));
                }
                let name = variant.ident.to_string().to_kebab_case();
                variant.attrs.push(parse_quote!(#[cfg_attr(feature = "host", component(name = #name))]));
                if index == 0 {
                    variant.attrs.push(parse_quote!(#[default]));
                }
            }
            let ident = &input.ident;
            let indexes = 0..u8::try_from(cases.len()).expect("a contract enum has fewer than 256 cases");
            Ok(quote! {
                #input

                impl #ident {
                    /// What wit-bindgen's lifting code calls.
                    ///
                    /// # Safety
                    /// None is needed; the signature is wit-bindgen's.
                    #[doc(hidden)]
                    #[must_use]
                    pub unsafe fn _lift(discriminant: u8) -> Self {
                        match discriminant {
                            #(#indexes => Self::#cases,)*
                            _ => unreachable!("the canonical ABI checks discriminants"),
                        }
                    }
                }
            })
        }
        Data::Union(_) => Err(syn::Error::new_spanned(&input.ident, "a contract type is a struct or an enum")),
    }
}

fn record_field(field: &mut Field) -> syn::Result<()> {
    let name = field.ident.as_ref().expect("the caller passes named fields").to_string();
    let kebab = name.to_kebab_case();
    if kebab != name {
        field.attrs.push(parse_quote!(#[cfg_attr(feature = "host", component(name = #kebab))]));
    }
    default_in_json(field)?;
    let (shape, optional) = match option_of(&field.ty) {
        Some(inner) => (last_segment(inner), true),
        None => (last_segment(&field.ty), false),
    };
    if optional {
        field
            .attrs
            .push(parse_quote!(#[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]));
    }
    let written = match (shape.as_deref(), optional) {
        (Some("Instant"), false) => Some(("crate::json::instant", "DateTime")),
        (Some("Instant"), true) => Some(("crate::json::instant::optional", "DateTime")),
        (Some("Day"), false) => Some(("crate::json::day", "Date")),
        (Some("Day"), true) => Some(("crate::json::day::optional", "Date")),
        _ => None,
    };
    if let Some((module, format)) = written {
        let format = quote::format_ident!("{format}");
        let text: Type = if optional { parse_quote!(Option<String>) } else { parse_quote!(String) };
        field.attrs.push(parse_quote!(#[cfg_attr(feature = "json", serde(with = #module))]));
        field.attrs.push(parse_quote!(#[cfg_attr(feature = "openapi", schema(value_type = #text, format = #format))]));
    } else if let Some(plain) = shape.as_deref().and_then(behind_alias) {
        let plain: Type = if optional { parse_quote!(Option<#plain>) } else { plain };
        field.attrs.push(parse_quote!(#[cfg_attr(feature = "openapi", schema(value_type = #plain))]));
    }
    Ok(())
}

/// What stands behind the contract's aliases: a schema shows the number or text, not a reference to an alias.
fn behind_alias(name: &str) -> Option<Type> {
    Some(match name {
        "MinorUnits" => parse_quote!(i64),
        "Grams" | "Millimetres" => parse_quote!(u32),
        "MicroDegrees" => parse_quote!(i32),
        "CurrencyCode" | "CountryCode" | "SubdivisionCode" => parse_quote!(String),
        _ => return None,
    })
}

/// Replaces `#[contract(default)]` and `#[contract(default = "path")]` by serde's words.
fn default_in_json(field: &mut Field) -> syn::Result<()> {
    let Some(position) = field.attrs.iter().position(|a| a.path().is_ident("contract")) else { return Ok(()) };
    let attribute = field.attrs.remove(position);
    let syn::Meta::List(list) = &attribute.meta else {
        return Err(syn::Error::new_spanned(
            attribute,
            "write #[contract(default)] or #[contract(default = \"path\")]",
        ));
    };
    let words = &list.tokens;
    field.attrs.push(parse_quote!(#[cfg_attr(feature = "json", serde(#words))]));
    Ok(())
}

fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|s| s.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|s| s.ident.to_string())
}
