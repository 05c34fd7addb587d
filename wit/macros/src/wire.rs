//! What `#[contract(wire)]` adds: `cartwright_contract::wire::Wire`, and `Described` behind the feature `shapes`.

use heck::ToLowerCamelCase;
use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DeriveInput, Expr, Field, Fields, Lit, Meta};

pub fn implement(input: &DeriveInput) -> syn::Result<Tokens> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(record(input, &fields.named.iter().collect::<Vec<_>>())),
            _ => Err(syn::Error::new_spanned(&input.ident, "a contract record has named fields")),
        },
        Data::Enum(_) => Ok(cases(input)),
        Data::Union(_) => Err(syn::Error::new_spanned(&input.ident, "a contract type is a struct or an enum")),
    }
}

fn record(input: &DeriveInput, fields: &[&Field]) -> Tokens {
    let (ident, doc) = (&input.ident, doc(&input.attrs));
    let names: Vec<_> = fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let described = fields.iter().map(|field| {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default().to_lower_camel_case();
        let ty = field.ty.to_token_stream().to_string().replace(' ', "");
        let (doc, default) = (self::doc(&field.attrs), default(&field.attrs));
        quote!(crate::wire::FieldShape { name: #name, ty: #ty, doc: #doc, default: #default })
    });
    let name = ident.to_string();
    quote! {
        impl crate::wire::Wire for #ident {
            fn write(&self, to: &mut crate::wire::Writer) {
                #(crate::wire::Wire::write(&self.#names, to);)*
            }

            fn read(from: &mut crate::wire::Reader<'_>) -> Option<Self> {
                Some(Self { #(#names: crate::wire::Wire::read(from)?),* })
            }
        }

        #[cfg(feature = "shapes")]
        impl crate::wire::Described for #ident {
            const SHAPE: crate::wire::Shape =
                crate::wire::Shape { name: #name, doc: #doc, kind: crate::wire::Kind::Record(&[#(#described),*]) };
        }
    }
}

fn cases(input: &DeriveInput) -> Tokens {
    let Data::Enum(data) = &input.data else { return Tokens::new() };
    let (ident, doc) = (&input.ident, doc(&input.attrs));
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let indexes = 0u8..;
    let names = variants.iter().map(|variant| variant.to_string().to_lower_camel_case());
    let name = ident.to_string();
    quote! {
        impl crate::wire::Wire for #ident {
            fn write(&self, to: &mut crate::wire::Writer) {
                crate::wire::Wire::write(&(*self as u8), to);
            }

            fn read(from: &mut crate::wire::Reader<'_>) -> Option<Self> {
                Some(match <u8 as crate::wire::Wire>::read(from)? {
                    #(#indexes => Self::#variants,)*
                    _ => return None,
                })
            }
        }

        #[cfg(feature = "shapes")]
        impl crate::wire::Described for #ident {
            const SHAPE: crate::wire::Shape =
                crate::wire::Shape { name: #name, doc: #doc, kind: crate::wire::Kind::Cases(&[#(#names),*]) };
        }
    }
}

/// The documentation, line by line.
fn doc(attributes: &[Attribute]) -> String {
    let line = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// What `#[contract(default)]` and `#[contract(default = "crate::types::yes")]` say.
fn default(attributes: &[Attribute]) -> Tokens {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("contract")) else {
        return quote!(crate::wire::Default::None);
    };
    if attribute.to_token_stream().to_string().contains("yes") {
        quote!(crate::wire::Default::Yes)
    } else {
        quote!(crate::wire::Default::Zero)
    }
}
