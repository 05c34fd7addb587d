//! The words that an author writes in attributes and doc comments.

use heck::ToLowerCamelCase;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// Everything that may stand in `#[setting(…)]` or `#[settings(…)]`.
#[derive(Default)]
pub struct Words {
    pub rename: Option<LitStr>,
    pub tag: Option<LitStr>,
    pub title: Option<LitStr>,
    pub description: Option<String>,
    pub default: Option<Given>,
    pub minimum: Option<Expr>,
    pub maximum: Option<Expr>,
    pub shortest: Option<(&'static str, Expr)>,
    pub longest: Option<(&'static str, Expr)>,
    pub pattern: Option<LitStr>,
    pub format: Option<LitStr>,
    pub unit: Option<LitStr>,
}

/// The two forms of `default`.
pub enum Given {
    Default,
    Value(Expr),
}

impl Words {
    pub fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut words = Self { description: description(attributes), ..Self::default() };
        for attribute in attributes.iter().filter(|a| a.path().is_ident("setting") || a.path().is_ident("settings")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                match name.as_str() {
                    "default" if meta.input.peek(syn::Token![=]) => {
                        words.default = Some(Given::Value(meta.value()?.parse()?));
                    }
                    "default" => words.default = Some(Given::Default),
                    "rename" => words.rename = Some(meta.value()?.parse()?),
                    "tag" => words.tag = Some(meta.value()?.parse()?),
                    "title" => words.title = Some(meta.value()?.parse()?),
                    "minimum" => words.minimum = Some(meta.value()?.parse()?),
                    "maximum" => words.maximum = Some(meta.value()?.parse()?),
                    "min_length" => words.shortest = Some(("minLength", meta.value()?.parse()?)),
                    "max_length" => words.longest = Some(("maxLength", meta.value()?.parse()?)),
                    "min_items" => words.shortest = Some(("minItems", meta.value()?.parse()?)),
                    "max_items" => words.longest = Some(("maxItems", meta.value()?.parse()?)),
                    "pattern" => words.pattern = Some(meta.value()?.parse()?),
                    "format" => words.format = Some(meta.value()?.parse()?),
                    "unit" => words.unit = Some(meta.value()?.parse()?),
                    _ => {
                        return Err(meta.error(
                            "expected one of: default, rename, title, minimum, maximum, min_length, max_length, min_items, \
                             max_items, pattern, format, unit; on an enum also tag",
                        ));
                    }
                }
                Ok(())
            })?;
        }
        Ok(words)
    }

    /// The name in JSON.
    pub fn name(&self, ident: &syn::Ident) -> String {
        self.rename
            .as_ref()
            .map_or_else(|| syn::ext::IdentExt::unraw(ident).to_string().to_lower_camel_case(), LitStr::value)
    }

    /// Pieces for title and description, each with a comma before it.
    pub fn pieces(&self) -> Tokens {
        let title = self.title.as_ref().map(|t| string_member("title", &t.value()));
        let description = self.description.as_ref().map(|d| string_member("description", d));
        quote!(#title #description)
    }

    /// The expression for `read::Limits`.
    pub fn limits(&self) -> Tokens {
        let number = |name: &str, value: &Option<Expr>| {
            let name = quote::format_ident!("{name}");
            value.as_ref().map(|v| quote!(#name: (#v) as i128,))
        };
        let length = |name: &str, value: &Option<(&str, Expr)>| {
            let name = quote::format_ident!("{name}");
            value.as_ref().map(|(_, v)| quote!(#name: #v,))
        };
        let (minimum, maximum) = (number("minimum", &self.minimum), number("maximum", &self.maximum));
        let (shortest, longest) = (length("shortest", &self.shortest), length("longest", &self.longest));
        quote! {
            ::cartwright_sdk::settings::read::Limits {
                #minimum #maximum #shortest #longest ..::cartwright_sdk::settings::read::Limits::NONE
            }
        }
    }

    /// The default as the schema shows it; nothing for what is no literal.
    pub fn shown_default(&self) -> Option<Tokens> {
        let Some(Given::Value(value)) = &self.default else { return None };
        let (literal, sign) = match value {
            Expr::Lit(ExprLit { lit, .. }) => (lit, ""),
            Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => match &**expr {
                Expr::Lit(ExprLit { lit, .. }) => (lit, "-"),
                _ => return None,
            },
            _ => return None,
        };
        match literal {
            Lit::Int(number) => Some(text(&format!(",\"default\":{sign}{}", number.base10_digits()))),
            Lit::Bool(flag) => Some(text(&format!(",\"default\":{}", flag.value))),
            Lit::Str(string) => Some(string_member("default", &string.value())),
            _ => None,
        }
    }

    /// The closure that makes the default.
    pub fn default_value(&self) -> Option<Tokens> {
        self.default.as_ref().map(|given| match given {
            Given::Default => quote!(::core::default::Default::default),
            Given::Value(value @ Expr::Lit(ExprLit { lit: Lit::Str(_), .. })) => {
                quote!(|| ::core::convert::Into::into(#value))
            }
            Given::Value(value) => quote!(|| #value),
        })
    }
}

/// A piece of text as it is.
pub fn text(text: &str) -> Tokens {
    quote!(::cartwright_sdk::schema::Piece::Text(#text),)
}

/// A piece for a constant expression.
pub fn number(expression: &Expr) -> Tokens {
    quote!(::cartwright_sdk::schema::Piece::Number((#expression) as i128),)
}

/// `,"name":"value"`.
pub fn string_member(name: &str, value: &str) -> Tokens {
    let open = text(&format!(",\"{name}\":\""));
    let close = text("\"");
    quote!(#open ::cartwright_sdk::schema::Piece::Escaped(#value), #close)
}

/// The doc comment: lines joined within a paragraph, paragraphs kept apart.
fn description(attributes: &[Attribute]) -> Option<String> {
    let mut out = String::new();
    let mut gap = false;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(comment), .. }) = &pair.value else { continue };
        for line in comment.value().lines().map(str::trim).chain(comment.value().is_empty().then_some("")) {
            if line.is_empty() {
                gap = !out.is_empty();
                continue;
            }
            if !out.is_empty() {
                out.push_str(if gap { "\n\n" } else { " " });
            }
            gap = false;
            out.push_str(line);
        }
    }
    (!out.is_empty()).then_some(out)
}
