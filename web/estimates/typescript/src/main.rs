//! Writes `types.ts` and `shapes.ts` into the folder that it is given: the types of an estimate in TypeScript, with their documentation, and
//! the same as data, by which `wire.ts` reads and writes the binary form.
//!
//! What this program must not know: what the types are for.

use cartwright_contract::estimate::{Destination, Estimate, Question, ShippingOption};
use cartwright_contract::shipping_quote::Method;
use cartwright_contract::wire::{Default, Described, FieldShape, Kind, Shape};
use cartwright_contract::{Coordinates, Dimensions, Failure, Figure, Line, LocationStock, Reason, Rotation, Unit};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

const SHAPES: &[Shape] = &[
    Question::SHAPE,
    Destination::SHAPE,
    Line::SHAPE,
    LocationStock::SHAPE,
    Coordinates::SHAPE,
    Dimensions::SHAPE,
    Rotation::SHAPE,
    Estimate::SHAPE,
    ShippingOption::SHAPE,
    Method::SHAPE,
    Reason::SHAPE,
    Figure::SHAPE,
    Unit::SHAPE,
    Failure::SHAPE,
];

const HEAD: &str = "// Written by `cargo xtask web` from the Rust types of wit/src. Not to be edited.\n";

/// What stands behind a field's Rust type.
enum Of<'a> {
    Optional(Box<Of<'a>>),
    List(Box<Of<'a>>),
    Plain(&'a str),
}

impl<'a> Of<'a> {
    fn parse(ty: &'a str) -> Self {
        let inner = |name: &str| ty.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>');
        if let Some(inner) = inner("Option") {
            Self::Optional(Box::new(Self::parse(inner)))
        } else if let Some(inner) = inner("Vec") {
            Self::List(Box::new(Self::parse(inner)))
        } else {
            Self::Plain(ty)
        }
    }

    /// In TypeScript; an option is a property that may be missing, so it says nothing here.
    fn typescript(&self) -> String {
        match self {
            Self::Optional(inner) => inner.typescript(),
            Self::List(inner) => format!("{}[]", inner.typescript()),
            Self::Plain("bool") => "boolean".into(),
            Self::Plain("String" | "CurrencyCode" | "CountryCode" | "SubdivisionCode" | "Instant" | "Day") => {
                "string".into()
            }
            Self::Plain(name) if is_number(name) => "number".into(),
            Self::Plain(name) => (*name).into(),
        }
    }

    /// As `wire.ts` reads it: `?` and `[]` before what they stand for; `u`, `i`, `b`, `s`, `@` (an instant), `#` (a day), or a type's name.
    fn shape(&self) -> String {
        match self {
            Self::Optional(inner) => format!("?{}", inner.shape()),
            Self::List(inner) => format!("[]{}", inner.shape()),
            Self::Plain("bool") => "b".into(),
            Self::Plain("Instant") => "@".into(),
            Self::Plain("Day") => "#".into(),
            Self::Plain("String" | "CurrencyCode" | "CountryCode" | "SubdivisionCode") => "s".into(),
            Self::Plain("u8" | "u16" | "u32" | "u64" | "Grams" | "Millimetres") => "u".into(),
            Self::Plain(name) if is_number(name) => "i".into(),
            Self::Plain(name) => (*name).into(),
        }
    }
}

fn is_number(name: &str) -> bool {
    matches!(
        name,
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "Grams" | "Millimetres" | "MinorUnits" | "MicroDegrees"
    )
}

fn documented(text: &mut String, doc: &str, indent: &str) {
    let doc = doc.trim();
    if doc.is_empty() {
        return;
    }
    let lines: Vec<&str> = doc.lines().collect();
    if let [line] = lines[..] {
        let _ = writeln!(text, "{indent}/** {line} */");
        return;
    }
    let _ = writeln!(text, "{indent}/**");
    for line in lines {
        let _ = writeln!(text, "{}", format!("{indent} * {line}").trim_end());
    }
    let _ = writeln!(text, "{indent} */");
}

fn types() -> String {
    let mut text = format!(
        "{HEAD}// Amounts are in minor units, weights in grams, lengths in millimetres, instants RFC 3339, days YYYY-MM-DD.\n"
    );
    for shape in SHAPES {
        text.push('\n');
        documented(&mut text, shape.doc, "");
        match shape.kind {
            Kind::Cases(cases) => {
                let cases: Vec<String> = cases.iter().map(|case| format!("{case:?}")).collect();
                let _ = writeln!(text, "export type {} = {};", shape.name, cases.join(" | "));
            }
            Kind::Record(fields) => {
                let _ = writeln!(text, "export interface {} {{", shape.name);
                for FieldShape { name, ty, doc, default } in fields {
                    documented(&mut text, doc, "  ");
                    let of = Of::parse(ty);
                    let optional = matches!(of, Of::Optional(_)) || *default != Default::None && is_asked(shape.name);
                    let _ = writeln!(text, "  {name}{}: {};", if optional { "?" } else { "" }, of.typescript());
                }
                text.push_str("}\n");
            }
        }
    }
    text
}

/// What is left out of a question has a default; an answer has everything.
fn is_asked(name: &str) -> bool {
    !matches!(name, "Estimate" | "ShippingOption" | "Reason" | "Figure" | "Failure")
}

fn shapes() -> String {
    let mut text = format!(
        "{HEAD}\n/** Fields in their order: name, shape, and `1` where a missing boolean is true. Or the names of an enum's cases. */\nexport const shapes: Readonly<Record<string, readonly string[] | readonly (readonly [string, string, 1?])[]>> = {{\n"
    );
    for shape in SHAPES {
        match shape.kind {
            Kind::Cases(cases) => {
                let _ = writeln!(text, "  {}: {cases:?},", shape.name);
            }
            Kind::Record(fields) => {
                let _ = writeln!(text, "  {}: [", shape.name);
                for FieldShape { name, ty, default, .. } in fields {
                    let yes = if *default == Default::Yes { ", 1" } else { "" };
                    let _ = writeln!(text, "    [{name:?}, {:?}{yes}],", Of::parse(ty).shape());
                }
                text.push_str("  ],\n");
            }
        }
    }
    text.push_str("};\n");
    text
}

fn write(folder: &std::path::Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, text) in [("types.ts", types()), ("shapes.ts", shapes())] {
        let file = folder.join(name);
        // Untouched when it is right, so that nothing is built again.
        if fs::read_to_string(&file).is_ok_and(|there| there == text) {
            continue;
        }
        fs::write(file, text)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("give the folder that types.ts and shapes.ts are written to");
        return ExitCode::from(2);
    };
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} cannot be written: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
