//! The automaton's states, edges and profiles as plain tuples; `compiler/automaton.py` names their
//! fields.

use crate::errors::ToPython;
use grammarlib_automata as core;
use grammarlib_automata::engine::{Effect, Reads};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Pointer; the open arrays and objects: whether it is an object, and its pointer.
type Place = (String, Vec<(bool, String)>);
/// Kind, expects, begun, within, condition, places.
type Component = (&'static str, String, bool, bool, String, Vec<Place>);
/// Id, accepting, masked, components.
pub type State = (u32, bool, bool, Vec<Component>);
/// Target, byte ranges, effect, condition.
pub type Edge = (u32, Vec<(u8, u8)>, &'static str, String);
/// Targets with their tokens; tokens that leave what is built.
pub type TokenEdges<'py> = (Vec<(u32, Bound<'py, PyBytes>)>, Bound<'py, PyBytes>);
/// Label, tails, tokens that end there, tokens that go on, survivors.
type Cut = (String, usize, usize, usize, Option<usize>);
/// Inside, crossing, survivors, cuts.
type ComponentProfile<'py> = (
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Vec<Cut>,
);
/// The tokens that spell something; the components.
pub type Profile<'py> = (Bound<'py, PyBytes>, Vec<ComponentProfile<'py>>);

pub fn states(py: Python<'_>, compiled: &core::Compiled) -> PyResult<(u64, Vec<State>)> {
    let (generation, states) = py.detach(|| compiled.states()).py(py)?;
    Ok((generation, states.into_iter().map(state).collect()))
}

pub fn trace(
    py: Python<'_>,
    compiled: &core::Compiled,
    text: &[u8],
) -> PyResult<(u64, Vec<State>)> {
    let (generation, states) = py.detach(|| compiled.trace(text)).py(py)?;
    Ok((generation, states.into_iter().map(state).collect()))
}

fn state(state: core::engine::StateView) -> State {
    let components = state.components.into_iter().map(|c| {
        let places = c.places.into_iter().map(|p| {
            let stack = p.stack.into_iter().map(|o| (o.object, o.pointer));
            (p.pointer, stack.collect())
        });
        (
            reads(c.reads),
            c.expects,
            c.begun,
            c.within,
            c.condition,
            places.collect(),
        )
    });
    let components = components.collect();
    (state.id, state.accepting, state.masked, components)
}

fn reads(reads: Reads) -> &'static str {
    match reads {
        Reads::String => "string",
        Reads::Key => "key",
        Reads::Number => "number",
        Reads::Literal => "literal",
        Reads::Punctuation => "punctuation",
        Reads::Space => "white space",
        Reads::Text => "text",
        Reads::Token => "token",
    }
}

pub fn edges(
    py: Python<'_>,
    compiled: &core::Compiled,
    generation: u64,
    state: u32,
) -> PyResult<Option<Vec<Edge>>> {
    let edges = py.detach(|| compiled.edges(generation, state)).py(py)?;
    let edge = |e: core::engine::EdgeView| {
        let effect = match e.effect {
            Effect::None => "",
            Effect::Open => "open",
            Effect::Close => "close",
            Effect::Comma => "comma",
            Effect::Key => "key",
        };
        let mut ranges: Vec<(u8, u8)> = Vec::new();
        for b in e.bytes.iter() {
            match ranges.last_mut() {
                Some(last) if last.1 + 1 == b => last.1 = b,
                _ => ranges.push((b, b)),
            }
        }
        (e.target, ranges, effect, e.condition)
    };
    Ok(edges.map(|edges| edges.into_iter().map(edge).collect()))
}

pub fn token_edges<'py>(
    py: Python<'py>,
    compiled: &core::Compiled,
    generation: u64,
    state: u32,
) -> PyResult<Option<TokenEdges<'py>>> {
    let edges = py.detach(|| compiled.token_edges(generation, state));
    Ok(edges.py(py)?.map(|(edges, unknown)| {
        let edges = edges.into_iter().map(|(to, ids)| (to, words(py, &ids)));
        (edges.collect(), words(py, &unknown))
    }))
}

pub fn profile<'py>(
    py: Python<'py>,
    compiled: &core::Compiled,
    generation: u64,
    state: u32,
) -> PyResult<Option<Profile<'py>>> {
    let profiles = py.detach(|| compiled.profiles(generation, state)).py(py)?;
    let profile = |p: core::engine::ProfileView| {
        let cuts = p
            .cuts
            .into_iter()
            .map(|c| (c.label, c.tails, c.ended, c.crossing, c.survivors));
        (
            words(py, &p.inside),
            words(py, &p.crossing),
            words(py, &p.survivors),
            cuts.collect(),
        )
    };
    Ok(profiles.map(|state| {
        let components = state.components.into_iter().map(profile);
        (words(py, &state.text), components.collect())
    }))
}

fn words<'py>(py: Python<'py>, words: &[u32]) -> Bound<'py, PyBytes> {
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    PyBytes::new(py, &bytes)
}
