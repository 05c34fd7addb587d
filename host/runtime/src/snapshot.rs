//! Writes a configured instance's memory back into its component, so that every call starts configured.
//!
//! wasmtime-wizer does the rewriting; here is what it needs to read an instance's memory and globals without an async runtime.

use crate::sandbox::Sandbox;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wasmtime::Store;
use wasmtime::component::{ComponentNamedList, Instance, Lift, WasmList};
use wasmtime_wizer::{ComponentContext, ComponentInstanceState, Wizer};

/// A component with functions added that show its state.
pub struct Instrumented<'a> {
    wizer: Wizer,
    context: ComponentContext<'a>,
    pub bytes: Vec<u8>,
}

/// # Errors
/// Why a component cannot be snapshotted: nested components with modules, a module with `table.grow`, and the like.
pub fn instrument(component: &[u8]) -> wasmtime::Result<Instrumented<'_>> {
    let wizer = Wizer::new();
    let (context, bytes) = wizer.instrument_component(component)?;
    Ok(Instrumented { wizer, context, bytes })
}

impl Instrumented<'_> {
    /// The component whose fresh instances are in the state that `instance` is in now.
    pub fn snapshot(&self, store: &mut Store<Sandbox>, instance: Instance) -> wasmtime::Result<Vec<u8>> {
        let mut state = State { store, instance };
        let mut snapshot = pin!(self.wizer.snapshot_component(&self.context, &mut state));
        match snapshot.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(bytes) => bytes,
            Poll::Pending => unreachable!("none of the state's methods waits"),
        }
    }
}

struct State<'a> {
    store: &'a mut Store<Sandbox>,
    instance: Instance,
}

impl State<'_> {
    fn get<R>(&mut self, instance: &str, function: &str) -> R
    where
        R: 'static,
        (R,): Lift + ComponentNamedList,
    {
        let added = "wizer added this accessor to the component itself";
        let instance = self.instance.get_export_index(&mut *self.store, None, instance).expect(added);
        let function = self.instance.get_export_index(&mut *self.store, Some(&instance), function).expect(added);
        let function = self.instance.get_typed_func::<(), (R,)>(&mut *self.store, function).expect(added);
        function.call(&mut *self.store, ()).expect(added).0
    }
}

impl ComponentInstanceState for State<'_> {
    async fn call_func_ret_list_u8(&mut self, instance: &str, func: &str, contents: impl FnOnce(&[u8]) + Send) {
        let list: WasmList<u8> = self.get(instance, func);
        contents(list.as_le_slice(&*self.store));
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.get(instance, func)
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.get(instance, func)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.get::<f32>(instance, func).to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.get::<f64>(instance, func).to_bits()
    }
}
