//! The calls made at one byte, turned into interned origins.
//!
//! **Purpose.** `closure` leaves, for each rule called at this byte, the list of its calls. Here each list
//! that an item of the row still reads becomes an origin. Three things make origins small:
//!
//! 1. *Tail calls.* A call whose return state only returns is replaced by its caller's own entries, so a
//!    right-recursive list keeps one origin. Rules that pass each other on (`A: B`, `B: A`) are one
//!    component of the graph of tail calls and get one set of entries: the fixed point. A rule that adds
//!    nothing to the entries it passes on *is* the origin it passes on; chains of unit rules cost nothing.
//! 2. *Clusters.* Rules that reach each other through calls of this byte are interned together.
//! 3. *Nothing unread.* Rules whose items have all been used up at this byte get no origin.
//!
//! **Cost.** Linear in the calls, plus the entries that tail calls copy, charged to the row's budget.

use super::closure::{Closure, Item};
use super::components::Graph;
use super::origins::{Caller, Drafts, Entry, OriginId, Origins, OutOfSteps, Steps};

/// The kept items of a finished closure with interned origins, sorted.
pub(super) fn intern_items(
    closure: &Closure,
    origins: &mut Origins,
    steps: &mut Steps,
) -> Result<Vec<Entry>, OutOfSteps> {
    let read = read_origins(closure);
    let (meaning, groups) = follow_tail_calls(closure, &read, origins, steps)?;
    let ids = intern_groups(&groups, origins, steps)?;
    let settled = |caller: Caller| match caller {
        Caller::Old(origin) => origin,
        Caller::New(group) => ids[group as usize],
    };
    let mut items: Vec<Entry> = closure
        .kept
        .iter()
        .map(|&(state, caller)| (state, settled(translate(caller, &meaning))))
        .collect();
    items.sort_unstable();
    items.dedup();
    Ok(items)
}

/// For each rule called at this byte, whether a kept item reads its origin.
fn read_origins(closure: &Closure) -> Vec<bool> {
    let mut read = vec![false; closure.callees()];
    let mut work: Vec<u32> = Vec::new();
    let mut visit = |caller: Caller, work: &mut Vec<u32>| {
        if let Caller::New(callee) = caller {
            if !std::mem::replace(&mut read[callee as usize], true) {
                work.push(callee);
            }
        }
    };
    for &(_, caller) in &closure.kept {
        visit(caller, &mut work);
    }
    while let Some(callee) = work.pop() {
        for call in closure.calls_of(callee) {
            visit(call.caller, &mut work);
        }
    }
    read
}

/// Sees through tail calls: for each rule called at this byte, what its origin is (an old one, or one of
/// the groups returned), and the groups' entries, whose new callers are groups as well.
fn follow_tail_calls(
    closure: &Closure,
    read: &[bool],
    origins: &Origins,
    steps: &mut Steps,
) -> Result<(Vec<Caller>, Drafts), OutOfSteps> {
    let mut tails = Graph::with_capacity(read.len());
    for (callee, &read) in (0..).zip(read) {
        let calls = closure.calls_of(callee).filter(|call| read && call.is_tail);
        tails.push(calls.filter_map(|call| match call.caller {
            Caller::New(caller) => Some(caller),
            Caller::Old(_) => None,
        }));
    }
    const UNSETTLED: Caller = Caller::New(u32::MAX);
    let mut meaning = vec![UNSETTLED; read.len()];
    // Entries of the groups so far; new callers are rules here, since groups to come have no number yet.
    let mut entries: Vec<Vec<Item>> = Vec::new();
    for component in tails.components().iter() {
        if !read[component[0] as usize] {
            continue;
        }
        let mut own: Vec<Item> = Vec::new();
        let mut passed: Vec<Caller> = Vec::new();
        for &callee in component {
            for call in closure.calls_of(callee) {
                if !call.is_tail {
                    own.push((call.target, call.caller));
                    continue;
                }
                match translate(call.caller, &meaning) {
                    UNSETTLED => {} // a tail call inside the component
                    settled => passed.push(settled),
                }
            }
        }
        passed.sort_unstable();
        passed.dedup();
        let settled = match passed[..] {
            [only] if own.is_empty() => only,
            _ => {
                for &caller in &passed {
                    match caller {
                        Caller::Old(origin) => {
                            let old = origins.entries(origin).iter();
                            own.extend(old.map(|&(state, caller)| (state, Caller::Old(caller))));
                        }
                        Caller::New(group) => own.extend_from_slice(&entries[group as usize]),
                    }
                }
                steps.spend(own.len())?;
                own.sort_unstable();
                own.dedup();
                entries.push(own);
                Caller::New(entries.len() as u32 - 1)
            }
        };
        for &callee in component {
            meaning[callee as usize] = settled;
        }
    }
    let mut groups = Drafts::default();
    for entries in entries {
        let entries = entries.into_iter();
        groups.push(entries.map(|(state, caller)| (state, translate(caller, &meaning))));
    }
    Ok((meaning, groups))
}

/// Interns the groups, those that others are called from first.
fn intern_groups(
    groups: &Drafts,
    origins: &mut Origins,
    steps: &mut Steps,
) -> Result<Vec<OriginId>, OutOfSteps> {
    let mut callers = Graph::with_capacity(groups.len());
    for group in 0..groups.len() {
        let entries = groups.get(group).iter();
        callers.push(entries.filter_map(|&(_, caller)| match caller {
            Caller::New(caller) => Some(caller),
            Caller::Old(_) => None,
        }));
    }
    let mut ids: Vec<Option<OriginId>> = vec![None; groups.len()];
    let mut positions = vec![0; groups.len()];
    for component in callers.components().iter() {
        for (position, &group) in (0..).zip(component) {
            positions[group as usize] = position;
        }
        // What is not interned yet is in this component.
        let inside = |caller: Caller| match caller {
            Caller::New(group) => match ids[group as usize] {
                Some(origin) => Caller::Old(origin),
                None => Caller::New(positions[group as usize]),
            },
            old => old,
        };
        let mut drafts = Drafts::default();
        for &group in component {
            let entries = groups.get(group as usize).iter();
            drafts.push(entries.map(|&(state, caller)| (state, inside(caller))));
        }
        let found = match plain(&drafts) {
            Some(entries) => vec![origins.intern(&entries)],
            None => origins.intern_cluster(&drafts, steps)?,
        };
        for (&group, origin) in component.iter().zip(found) {
            ids[group as usize] = Some(origin);
        }
    }
    Ok(ids.into_iter().flatten().collect())
}

/// The entries of a component that is no cycle.
fn plain(drafts: &Drafts) -> Option<Vec<Entry>> {
    let mut entries = Vec::with_capacity(drafts.get(0).len());
    for &(state, caller) in drafts.get(0) {
        match caller {
            Caller::Old(origin) => entries.push((state, origin)),
            Caller::New(_) => return None,
        }
    }
    Some(entries)
}

fn translate(caller: Caller, meaning: &[Caller]) -> Caller {
    match caller {
        Caller::Old(_) => caller,
        Caller::New(callee) => meaning[callee as usize],
    }
}
