//! Origins: who waits for a rule to end.
//!
//! **Purpose.** The origin of an item is the set of (return state, caller's origin) that asked for its rule
//! at the byte where the rule began. That is exactly what ending the rule reads, so two places of a text
//! with equal origins go on alike, and the rows that hold them are shared.
//!
//! **Invariant: canonical up to bisimulation.** Two origins have one number if and only if the same return
//! states can be popped from both, for ever. Without cycles that is hash-consing from the bottom up. Left
//! recursion makes an origin its own caller: such a *cluster* is interned as a whole, callers inside it
//! written as positions. Before, colour refinement merges its equal members and puts them in an order that
//! does not depend on rule numbers. Then one question is left: does the cluster only repeat an older one?
//! It does in `E: E "+" E`, where the right operand's origin is `{(+, itself), (+, E), …}`, as good as
//! `{(+, E), …}`; told apart, they would grow by one entry at each operand. If it does repeat one without
//! having its form, then the newest origin it mentions belongs to that one (see `repeats`), so one
//! comparison decides.
//!
//! ```text
//! entries  origin -> sorted [(return state, origin)]     all origins, by absolute numbers
//! forms    cluster -> its form, the memo key             callers inside as positions
//! members  cluster form -> origins, position by position
//! blocks   origin inside a cluster -> (first, length)    clusters occupy consecutive numbers
//! ```
//!
//! **Cost.** Plain origins: one hash of their entries. Clusters: refinement rounds (two or three as a rule,
//! at most one per member) over their entries, charged to the row's budget.
//!
//! **Rejected.** *The whole row as origin*: it distinguishes context that nothing reads, and rows multiply.
//! *Joining entries of one return state into one entry with a joint origin* (making stacks deterministic):
//! smaller still for nested optional tails, but joining two stacks walks both to the bottom, and the joint
//! ones may be exponentially many where Earley's algorithm is polynomial.

use rustc_hash::FxHashMap;

use super::rules::RuleState;
use super::slices::Slices;

/// The number of an interned origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(u32);

/// The return state of the whole text: reaching it means that the text is in the language.
pub(super) const ACCEPT: RuleState = RuleState::MAX;

/// The origin of the start rule: only [`ACCEPT`] waits for it.
pub(super) const ROOT: OriginId = OriginId(0);

/// A return state and whose return that is.
pub(super) type Entry = (RuleState, OriginId);

/// An origin while the calls of a byte are being collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Caller {
    Old(OriginId),
    /// Not interned yet: a position among those of this byte, or inside a cluster.
    New(u32),
}

/// Work that one row may still cost.
pub(super) struct Steps(pub(super) usize);

/// One row would cost more than it may.
pub(super) struct OutOfSteps;

impl Steps {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), OutOfSteps> {
        self.0 = self.0.checked_sub(steps).ok_or(OutOfSteps)?;
        Ok(())
    }
}

/// Sets of entries that are still to be interned, one after the other.
#[derive(Default)]
pub(super) struct Drafts {
    entries: Vec<(RuleState, Caller)>,
    ends: Vec<usize>,
}

impl Drafts {
    pub(super) fn push(&mut self, entries: impl Iterator<Item = (RuleState, Caller)>) {
        let start = self.entries.len();
        self.entries.extend(entries);
        sort_dedup_from(&mut self.entries, start);
        self.ends.push(self.entries.len());
    }

    /// The chosen drafts, with callers among the drafts replaced by their colours.
    fn coloured(&self, colours: &[u32], chosen: impl Iterator<Item = usize>) -> Self {
        let mut views = Self::default();
        for draft in chosen {
            let entries = self.get(draft).iter();
            views.push(entries.map(|&(state, caller)| match caller {
                Caller::New(position) => (state, Caller::New(colours[position as usize])),
                old => (state, old),
            }));
        }
        views
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, draft: usize) -> &[(RuleState, Caller)] {
        let start = if draft == 0 { 0 } else { self.ends[draft - 1] };
        &self.entries[start..self.ends[draft]]
    }
}

#[derive(Debug)]
pub(super) struct Origins {
    entries: Slices<Entry>,
    forms: Slices<u32>,
    members: Vec<OriginId>,
    /// Where the members of a form begin.
    member_starts: Vec<u32>,
    blocks: FxHashMap<OriginId, (u32, u32)>,
}

impl Origins {
    pub(super) fn new() -> Self {
        let mut entries = Slices::new();
        entries.intern(&[(ACCEPT, ROOT)]);
        Self {
            entries,
            forms: Slices::new(),
            members: Vec::new(),
            member_starts: Vec::new(),
            blocks: FxHashMap::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entries(&self, origin: OriginId) -> &[Entry] {
        self.entries.get(origin.0)
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.bytes()
            + self.forms.bytes()
            + self.members.capacity() * size_of::<OriginId>()
            + self.member_starts.capacity() * size_of::<u32>()
            + self.blocks.capacity() * (size_of::<(OriginId, (u32, u32))>() + 1)
    }

    /// The origin with these entries, which must be sorted and without repetition.
    pub(super) fn intern(&mut self, entries: &[Entry]) -> OriginId {
        OriginId(self.entries.intern(entries).0)
    }

    /// The origins of a strongly connected set of drafts, position by position.
    pub(super) fn intern_cluster(
        &mut self,
        drafts: &Drafts,
        steps: &mut Steps,
    ) -> Result<Vec<OriginId>, OutOfSteps> {
        let (colours, count) = refine(drafts, steps)?;
        let cluster = merged(drafts, &colours, count);
        let form = form(&cluster);
        if self.forms.find(&form).is_none() {
            let members = match self.repeats(&cluster, steps)? {
                Some(members) => members,
                None => self.add_cluster(&cluster),
            };
            self.forms.intern(&form);
            self.member_starts.push(self.members.len() as u32);
            self.members.extend(members);
        }
        let (form, _) = self.forms.intern(&form);
        let start = self.member_starts[form as usize] as usize;
        Ok(colours
            .iter()
            .map(|&colour| self.members[start + colour as usize])
            .collect())
    }

    /// The old origins that the members of `cluster` are like, if it repeats an older cluster.
    ///
    /// Suppose a member is like the old origin v. All members are reached from each other, so all of them
    /// are like old origins, on a cycle with v. What the cluster mentions is reached from v; if nothing of
    /// it lies on v's cycle, the cluster has the form of v's, which the caller has looked up. Otherwise,
    /// since v's cluster was interned after all that it mentions, the newest origin mentioned is on it.
    /// Several members may be like one old origin: they differ in mentioning it or each other.
    fn repeats(
        &self,
        cluster: &Drafts,
        steps: &mut Steps,
    ) -> Result<Option<Vec<OriginId>>, OutOfSteps> {
        let size = cluster.len();
        let newest = cluster
            .entries
            .iter()
            .filter_map(|&(_, caller)| match caller {
                Caller::Old(origin) => Some(origin),
                Caller::New(_) => None,
            });
        let Some(&(first, length)) = newest.max().and_then(|origin| self.blocks.get(&origin))
        else {
            return Ok(None);
        };
        let block = first..first + length;
        let both = |&(state, caller): &(RuleState, Caller)| match caller {
            Caller::Old(origin) if block.contains(&origin.0) => {
                (state, Caller::New(size as u32 + origin.0 - first))
            }
            other => (state, other),
        };
        let mut drafts = Drafts::default();
        for member in 0..size {
            drafts.push(cluster.get(member).iter().map(both));
        }
        for old in block.clone() {
            steps.spend(self.entries.get(old).len())?;
            let entries = self.entries.get(old).iter();
            drafts.push(entries.map(|&(state, origin)| both(&(state, Caller::Old(origin)))));
        }
        let (colours, _) = refine(&drafts, steps)?;
        let (new, old) = colours.split_at(size);
        let of_colour: FxHashMap<u32, u32> = old.iter().copied().zip(block).collect();
        Ok(new
            .iter()
            .map(|colour| of_colour.get(colour).map(|&old| OriginId(old)))
            .collect())
    }

    fn add_cluster(&mut self, cluster: &Drafts) -> Vec<OriginId> {
        let first = self.entries.len() as u32;
        let length = cluster.len() as u32;
        for member in 0..cluster.len() {
            let mut entries: Vec<Entry> = cluster
                .get(member)
                .iter()
                .map(|&(state, caller)| match caller {
                    Caller::Old(origin) => (state, origin),
                    Caller::New(position) => (state, OriginId(first + position)),
                })
                .collect();
            entries.sort_unstable();
            let (id, fresh) = self.entries.intern(&entries);
            debug_assert!(
                fresh,
                "a cluster's member mentions numbers not given before"
            );
            self.blocks.insert(OriginId(id), (first, length));
        }
        (first..first + length).map(OriginId).collect()
    }
}

/// Colours drafts so that two have one colour if and only if no sequence of returns tells them apart.
/// Colours are `0..count`, in an order that does not depend on the order of the drafts: each round orders
/// them by their last colour, then by their entries with callers replaced by their last colours.
fn refine(drafts: &Drafts, steps: &mut Steps) -> Result<(Vec<u32>, u32), OutOfSteps> {
    let size = drafts.len();
    let mut colours = vec![0; size];
    let mut count = 1;
    let mut order: Vec<usize> = (0..size).collect();
    while (count as usize) < size {
        steps.spend(drafts.entries.len())?;
        let views = drafts.coloured(&colours, 0..size);
        let view = |draft: usize| (colours[draft], views.get(draft));
        order.sort_unstable_by(|&a, &b| view(a).cmp(&view(b)));
        let mut next = vec![0; size];
        let mut colour = 0;
        for pair in order.windows(2) {
            colour += u32::from(view(pair[0]) != view(pair[1]));
            next[pair[1]] = colour;
        }
        colours = next;
        if colour + 1 == count {
            break;
        }
        count = colour + 1;
    }
    Ok((colours, count))
}

/// One draft for each colour.
fn merged(drafts: &Drafts, colours: &[u32], count: u32) -> Drafts {
    let mut chosen = vec![0; count as usize];
    for (draft, &colour) in colours.iter().enumerate() {
        chosen[colour as usize] = draft;
    }
    drafts.coloured(colours, chosen.into_iter())
}

/// A cluster as one sequence of numbers.
fn form(cluster: &Drafts) -> Vec<u32> {
    let mut form = Vec::with_capacity(cluster.len() + 3 * cluster.entries.len());
    for member in 0..cluster.len() {
        let entries = cluster.get(member);
        form.push(entries.len() as u32);
        for &(state, caller) in entries {
            form.extend(match caller {
                Caller::Old(origin) => [state, 0, origin.0],
                Caller::New(position) => [state, 1, position],
            });
        }
    }
    form
}

fn sort_dedup_from<T: Ord + Copy>(items: &mut Vec<T>, start: usize) {
    items[start..].sort_unstable();
    let mut kept = start;
    for read in start..items.len() {
        if kept == start || items[kept - 1] != items[read] {
            items[kept] = items[read];
            kept += 1;
        }
    }
    items.truncate(kept);
}
