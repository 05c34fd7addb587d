//! The named fields of a struct or of an enum's case: their reading and their schema.

use crate::words::{Words, number, string_member, text};
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::{Field, Fields, Type};

/// One field, with its words.
struct Named<'a> {
    field: &'a Field,
    words: Words,
    json: String,
}

/// All fields of one object.
pub struct Object<'a> {
    fields: Vec<Named<'a>>,
    /// The member that tells an enum's case, and the case's name.
    case: Option<(&'a str, &'a str)>,
}

impl<'a> Object<'a> {
    pub fn new(fields: &'a Fields, case: Option<(&'a str, &'a str)>) -> syn::Result<Self> {
        let mut named: Vec<Named<'a>> = Vec::new();
        for field in fields {
            let Some(ident) = &field.ident else {
                return Err(syn::Error::new_spanned(field, "settings have named fields; write `{ name: Type }`"));
            };
            let words = Words::of(&field.attrs)?;
            let json = words.name(ident);
            if named.iter().any(|n| n.json == json) || case.is_some_and(|(tag, _)| tag == json) {
                return Err(syn::Error::new_spanned(field, format!("the name `{json}` is taken in JSON")));
            }
            named.push(Named { field, words, json });
        }
        Ok(Self { fields: named, case })
    }

    /// Statements that read the object `node` and end in `Option<Self>`; `path` is `Self` or `Self::Case`.
    pub fn read(&self, path: &Tokens) -> Tokens {
        let slots: Vec<_> = (0..self.fields.len()).map(|i| format_ident!("field_{i}")).collect();
        let types: Vec<_> = self.fields.iter().map(|n| &n.field.ty).collect();
        let names: Vec<_> = self.fields.iter().map(|n| &n.json).collect();
        let idents: Vec<_> = self.fields.iter().map(|n| &n.field.ident).collect();
        let limits = self.fields.iter().map(|n| n.words.limits());
        let tag = self.case.map(|(tag, _)| {
            quote! {
                #tag => {
                    if ::core::mem::replace(&mut tag_met, true) {
                        ::cartwright_sdk::settings::read::twice(member, &at.member(#tag), issues);
                    }
                }
            }
        });
        let tag_met = self.case.map(|_| quote!(let mut tag_met = false;));
        let known = self.case.map(|(tag, _)| quote!(#tag,));
        let closes = self.fields.iter().zip(&slots).map(|(n, slot)| {
            let name = &n.json;
            if let Some(default) = n.words.default_value() {
                quote!(let #slot = #slot.close_or(#default);)
            } else {
                quote!(let #slot = #slot.close(#name, at, issues);)
            }
        });
        quote! {
            if !::cartwright_sdk::settings::read::object(node, at, issues) {
                return ::core::option::Option::None;
            }
            #(let mut #slots = ::cartwright_sdk::settings::read::Field::<#types>::default();)*
            #tag_met
            for (name, member) in node.members() {
                match &*name {
                    #tag
                    #(#names => {
                        const LIMITS: ::cartwright_sdk::settings::read::Limits = #limits;
                        #slots.read(member, &at.member(#names), issues, &LIMITS);
                    })*
                    _ => ::cartwright_sdk::settings::read::unknown(&name, member, &[#known #(#names),*], at, issues),
                }
            }
            #(#closes)*
            ::core::option::Option::Some(#path { #(#idents: #slots?,)* })
        }
    }

    /// Pieces of the schema's members; `words` are the title and description of an enum's case.
    pub fn shape(&self, words: &Tokens) -> Tokens {
        let open = text("\"type\":\"object\"");
        let properties = text(",\"properties\":{");
        let case = self.case.map(|(tag, case)| {
            let constant = text(&format!("\"{tag}\":{{\"const\":\"{case}\"}}"));
            quote!(#constant)
        });
        let fields = self.fields.iter().map(|n| {
            let schema = n.schema();
            quote!(::cartwright_sdk::schema::Piece::Tree(&[#schema]),)
        });
        let tag_required = self.case.map(|(tag, _)| text(&format!("\"{tag}\"")));
        let required = self.fields.iter().filter(|n| n.words.default.is_none()).map(|n| {
            let (ty, name) = (&n.field.ty, text(&format!("\"{}\"", n.json)));
            quote! {
                ::cartwright_sdk::schema::Piece::Tree(
                    if <#ty as ::cartwright_sdk::settings::Settings>::OPTIONAL { &[] } else { &[#name] }
                ),
            }
        });
        let (between, close) = (text("},\"required\":["), text("],\"additionalProperties\":false"));
        quote! {
            #open #words #properties
            ::cartwright_sdk::schema::Piece::Joined(&[#case #(#fields)*]),
            #between
            ::cartwright_sdk::schema::Piece::Joined(&[#tag_required #(#required)*]),
            #close
        }
    }
}

impl Named<'_> {
    fn schema(&self) -> Tokens {
        let open = text(&format!("\"{}\":{{", self.json));
        let inside = schema_of(&self.field.ty, &self.words);
        let close = text("}");
        quote!(#open #inside #close)
    }
}

/// The schema of a type with what a field's words add to it or put in its place.
pub fn schema_of(ty: &Type, words: &Words) -> Tokens {
    let settings = quote!(<#ty as ::cartwright_sdk::settings::Settings>);
    let own = |name: &str| {
        let name = format_ident!("{name}");
        quote!(::cartwright_sdk::schema::Piece::Tree(#settings::#name),)
    };
    let limit = |name: &str, value: &syn::Expr| {
        let (key, value) = (text(&format!(",\"{name}\":")), number(value));
        quote!(#key #value)
    };
    let shape = own("SHAPE");
    let minimum = words.minimum.as_ref().map_or_else(|| own("MINIMUM"), |v| limit("minimum", v));
    let maximum = words.maximum.as_ref().map_or_else(|| own("MAXIMUM"), |v| limit("maximum", v));
    let shortest = words.shortest.as_ref().map(|(name, v)| limit(name, v));
    let longest = words.longest.as_ref().map(|(name, v)| limit(name, v));
    let pattern = words.pattern.as_ref().map(|v| string_member("pattern", &v.value()));
    let format = words.format.as_ref().map(|v| string_member("format", &v.value()));
    let unit = words.unit.as_ref().map(|v| string_member("x-unit", &v.value()));
    let default = words.shown_default();
    let said = words.pieces();
    let said = if said.is_empty() { own("WORDS") } else { said };
    quote!(#shape #minimum #maximum #shortest #longest #pattern #format #unit #default #said)
}
