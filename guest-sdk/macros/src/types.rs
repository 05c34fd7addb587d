//! Structs and enums: the `impl Settings` around their fields.

use crate::fields::{Object, schema_of};
use crate::words::{Words, text};
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Error, Fields};

/// What differs between the kinds of type.
struct Parts {
    shape: Tokens,
    read: Tokens,
}

pub fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "settings are concrete types: no generics, no lifetimes"));
    }
    let words = Words::of(&input.attrs)?;
    let parts = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => object(&data.fields)?,
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => newtype(&fields.unnamed[0])?,
            _ => return Err(Error::new_spanned(&input.ident, "settings are a struct with named fields, or a newtype")),
        },
        Data::Enum(data) if data.variants.is_empty() => {
            return Err(Error::new_spanned(
                &input.ident,
                "an enum without cases has no value that settings could give",
            ));
        }
        Data::Enum(data) if data.variants.iter().all(|v| matches!(v.fields, Fields::Unit)) => choice(data)?,
        Data::Enum(data) => tagged(data, &words)?,
        Data::Union(_) => return Err(Error::new_spanned(&input.ident, "settings are a struct or an enum")),
    };
    let (ident, said, Parts { shape, read }) = (&input.ident, words.pieces(), parts);
    Ok(quote! {
        #[automatically_derived]
        impl ::cartwright_sdk::settings::Settings for #ident {
            const SHAPE: &'static [::cartwright_sdk::schema::Piece] = &[#shape];
            const WORDS: &'static [::cartwright_sdk::schema::Piece] = &[#said];

            fn read(
                node: ::cartwright_sdk::json::Node<'_>,
                at: &::cartwright_sdk::settings::Path<'_>,
                issues: &mut ::cartwright_sdk::settings::Issues,
            ) -> ::core::option::Option<Self> {
                #read
            }
        }
    })
}

fn object(fields: &Fields) -> syn::Result<Parts> {
    let object = Object::new(fields, None)?;
    Ok(Parts { shape: object.shape(&Tokens::new()), read: object.read(&quote!(Self)) })
}

fn newtype(field: &syn::Field) -> syn::Result<Parts> {
    let words = Words::of(&field.attrs)?;
    if words.default.is_some() || words.rename.is_some() {
        return Err(Error::new_spanned(field, "a newtype has no name or default of its own; say it where it is used"));
    }
    let ty = &field.ty;
    let limits = words.limits();
    Ok(Parts {
        shape: schema_of(ty, &Words { title: None, description: None, ..words }),
        read: quote! {
            const LIMITS: ::cartwright_sdk::settings::read::Limits = #limits;
            LIMITS.read::<#ty>(node, at, issues).map(Self)
        },
    })
}

/// An enum without payloads: a string.
fn choice(data: &DataEnum) -> syn::Result<Parts> {
    let mut cases = Vec::new();
    for variant in &data.variants {
        let words = Words::of(&variant.attrs)?;
        cases.push((&variant.ident, words.name(&variant.ident), words));
    }
    let names: Vec<_> = cases.iter().map(|(_, name, _)| name).collect();
    let shape = if cases.iter().any(|(_, _, words)| words.description.is_some() || words.title.is_some()) {
        let cases = cases.iter().map(|(_, name, words)| {
            let (open, said, close) = (text(&format!("{{\"const\":\"{name}\"")), words.pieces(), text("}"));
            quote!(::cartwright_sdk::schema::Piece::Tree(&[#open #said #close]),)
        });
        let (open, close) = (text("\"type\":\"string\",\"oneOf\":["), text("]"));
        quote!(#open ::cartwright_sdk::schema::Piece::Joined(&[#(#cases)*]), #close)
    } else {
        let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
        text(&format!("\"type\":\"string\",\"enum\":[{}]", quoted.join(",")))
    };
    let arms = cases.iter().enumerate().map(|(index, (ident, ..))| quote!(#index => Self::#ident,));
    let read = quote! {
        ::core::option::Option::Some(match ::cartwright_sdk::settings::read::case(node, &[#(#names),*], at, issues)? {
            #(#arms)*
            _ => return ::core::option::Option::None,
        })
    };
    Ok(Parts { shape, read })
}

/// An enum with payloads: an object whose tag tells the case.
fn tagged(data: &DataEnum, words: &Words) -> syn::Result<Parts> {
    let tag = words.tag.as_ref().map_or_else(|| "type".to_owned(), syn::LitStr::value);
    let (mut names, mut shapes, mut arms) = (Vec::new(), Vec::new(), Vec::new());
    for (index, variant) in data.variants.iter().enumerate() {
        let words = Words::of(&variant.attrs)?;
        let name = words.name(&variant.ident);
        let object = Object::new(&variant.fields, Some((&tag, &name)))?;
        let ident = &variant.ident;
        let shape = object.shape(&words.pieces());
        shapes.push(quote!(::cartwright_sdk::schema::Piece::Tree(&[
            ::cartwright_sdk::schema::Piece::Text("{"), #shape ::cartwright_sdk::schema::Piece::Text("}"),
        ]),));
        let read = object.read(&quote!(Self::#ident));
        arms.push(quote!(#index => { #read }));
        names.push(name);
    }
    let (open, close) = (text("\"oneOf\":["), text("]"));
    Ok(Parts {
        shape: quote!(#open ::cartwright_sdk::schema::Piece::Joined(&[#(#shapes)*]), #close),
        read: quote! {
            match ::cartwright_sdk::settings::read::tagged(node, #tag, &[#(#names),*], at, issues)? {
                #(#arms)*
                _ => ::core::option::Option::None,
            }
        },
    })
}
