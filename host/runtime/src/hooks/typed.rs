//! The types of a hook's functions, as the host calls them, and the check that a component's are the same.

use super::{ESTIMATE_BUNDLE, Hook};
use crate::error::InstallError;
use crate::sandbox::Sandbox;
use cartwright_contract::Failure;
use cartwright_contract::outside::{HttpRequest, HttpResponse};
use wasmtime::Store;
use wasmtime::component::{Component, ComponentExportIndex, Instance};

/// What `run` of a hook takes and gives.
pub(crate) type Parameters<'a, H> = (<H as Hook>::View<'a>, &'a [HttpResponse]);
pub(crate) type Results<H> = (Result<<H as Hook>::Answer, Failure>,);
/// What `plan` of a hook takes and gives.
pub(crate) type PlanParameters<'a, H> = (<H as Hook>::View<'a>,);
pub(crate) type PlanResults = (Result<Vec<HttpRequest>, Failure>,);

/// What `describe` takes and gives.
pub(crate) type DescribeParameters = (i64, i64);
pub(crate) type DescribeResults = (Result<Vec<u8>, Failure>,);

/// Checks the type of `describe`, where a component has it.
pub(crate) fn check_describe(
    code: &Component,
    store: &mut Store<Sandbox>,
    instance: Instance,
) -> Result<(), InstallError> {
    let Some(interface) = code.get_export_index(None, ESTIMATE_BUNDLE) else { return Ok(()) };
    let describe = exported(code, &interface, ESTIMATE_BUNDLE, "describe")?;
    match instance.get_typed_func::<DescribeParameters, DescribeResults>(&mut *store, describe) {
        Ok(_) => Ok(()),
        Err(e) => {
            Err(InstallError::WrongType { export: format!("{ESTIMATE_BUNDLE}#describe"), message: format!("{e:#}") })
        }
    }
}

/// Checks the types of a hook's functions, where a component has them.
pub(crate) fn check_types_of<H: Hook>(
    code: &Component,
    store: &mut Store<Sandbox>,
    instance: Instance,
) -> Result<(), InstallError> {
    let wrong = |interface: &str, function: &str, e: &wasmtime::Error| InstallError::WrongType {
        export: format!("{interface}#{function}"),
        message: format!("{e:#}"),
    };
    if let Some(interface) = code.get_export_index(None, H::INTERFACE) {
        let run = exported(code, &interface, H::INTERFACE, "run")?;
        instance
            .get_typed_func::<Parameters<'static, H>, Results<H>>(&mut *store, run)
            .map_err(|e| wrong(H::INTERFACE, "run", &e))?;
    }
    if let Some(interface) = code.get_export_index(None, H::PLAN) {
        let plan = exported(code, &interface, H::PLAN, "plan")?;
        instance
            .get_typed_func::<PlanParameters<'static, H>, PlanResults>(&mut *store, plan)
            .map_err(|e| wrong(H::PLAN, "plan", &e))?;
    }
    Ok(())
}

pub(crate) fn exported(
    code: &Component,
    interface: &ComponentExportIndex,
    name: &str,
    function: &str,
) -> Result<ComponentExportIndex, InstallError> {
    code.get_export_index(Some(interface), function).ok_or_else(|| InstallError::WrongType {
        export: name.into(),
        message: format!("it has no function `{function}`"),
    })
}
