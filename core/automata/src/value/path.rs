//! Verdicts under way in one question whether there is any value.
//!
//! *Purpose.* What is inhabited is a least fixed point: a state in progress counts as "no". A "no"
//! that leaned on one is final only when the whole component is; till then it is *tentative*, and
//! kept here, so that it is found once and not once for every way that leads to it.
//!
//! *Invariants.* A tentative "no" holds as long as all that it leaned on is "no". Verdicts are in
//! the order in which they were reached, so all that leaned on a state lie above the height at which
//! it was entered: they are dropped when it turns out "yes". When a "no" leans on nothing below
//! itself, those above its height that do not either hold together, and are final. `lowest` may be lower than what was
//! leaned on, never higher, and is always a state in progress.
//!
//! *Cost.* Each "yes" drops what is to be asked again, so at worst the square of the states.

use super::State;
use rustc_hash::FxHashMap;

/// Nothing in progress was leaned on.
pub(super) const ALONE: usize = usize::MAX;

/// The states in progress, and tentative verdicts.
#[derive(Default)]
pub(super) struct Path {
    /// Where each state is listed.
    places: FxHashMap<State, Place>,
    open: Vec<Open>,
    /// The tentative states, each with the lowest position that it leaned on.
    tentative: Vec<(State, usize)>,
}

#[derive(Clone, Copy)]
enum Place {
    Open(usize),
    Tentative(usize),
}

struct Open {
    /// How many verdicts were tentative when it was entered.
    height: usize,
    leaned_on: bool,
}

/// What is known of a state before it is explored.
pub(super) enum Entered {
    /// It is to be explored.
    Fresh,
    /// There is none as far as is known, by what is at this position.
    Not(usize),
    /// It is too deep.
    Deep,
}

impl Path {
    /// Obligations within obligations.
    pub(super) const DEPTH: usize = 1_000;

    /// Enters a state, unless something is known of it.
    pub(super) fn enter(&mut self, state: State) -> Entered {
        match self.places.get(&state) {
            Some(&Place::Open(at)) => {
                self.open[at].leaned_on = true;
                Entered::Not(at)
            }
            Some(&Place::Tentative(at)) => {
                let lowest = self.tentative[at].1;
                Entered::Not(lowest)
            }
            None if self.open.len() > Self::DEPTH => Entered::Deep,
            None => {
                self.places.insert(state, Place::Open(self.open.len()));
                self.open.push(Open {
                    height: self.tentative.len(),
                    leaned_on: false,
                });
                Entered::Fresh
            }
        }
    }

    /// Leaves the state that was entered last, and returns what it leaned on; `settle` is called with
    /// all states, but for itself, that are now known to have no value.
    pub(super) fn leave(
        &mut self,
        state: State,
        verdict: bool,
        lowest: usize,
        mut settle: impl FnMut(State),
    ) -> usize {
        let open = self.open.pop().expect("a state is entered");
        let at = self.open.len();
        self.places.remove(&state);
        if verdict {
            if open.leaned_on {
                for (state, _) in self.tentative.drain(open.height..) {
                    self.places.remove(&state);
                }
            }
            return ALONE;
        }
        if lowest >= at {
            // What a "yes" within did not need may have leaned on states below.
            for (state, leaned) in self.tentative.split_off(open.height) {
                if leaned >= at {
                    self.places.remove(&state);
                    settle(state);
                } else {
                    self.places
                        .insert(state, Place::Tentative(self.tentative.len()));
                    self.tentative.push((state, leaned));
                }
            }
            return ALONE;
        }
        for (_, leaned) in &mut self.tentative[open.height..] {
            *leaned = lowest.min(*leaned);
        }
        let place = Place::Tentative(self.tentative.len());
        self.places.insert(state, place);
        self.tentative.push((state, lowest));
        lowest
    }
}
