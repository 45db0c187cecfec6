//! Objects as rule states: which keys may come next, and when an object may close.
//!
//! With declared order all declared keys that may come next are one terminal, whose end is labelled
//! by the key, so that an object of 500 properties has one component, not 500. With free order each
//! key is a terminal of its own, because each is switched off by a fact of its own, and its mask is
//! then made once per key. Keys without a name are one terminal whose end is labelled by their class.
//!
//! Shapes that only ask for required keys have conditions that other shapes share ("this key is
//! new"). Those that count, or ask for more, have a [`Presence`](super::presence::Presence), and each
//! of their keys is a terminal whose condition is that the object can still become complete.
//!
//! A witness ("some member is such") is a guess: the member is taken for it, and the object goes on
//! as a shape that does not ask for it any more, or it is not.

use super::atoms::Holding;
use super::keys::Keys;
use super::rules::View;
use super::states::{Kind, Member, MemberKey, RuleKey};
use super::terms::{Action, CLASS, NAMED, Pred, Source, Term};
use super::{FREE, Key, ObjectShape, Order, State, Values};
use crate::error::Result;
use crate::expr::Arena;
use crate::expr::{EMPTY, ExprId};
use crate::grammar::{Edge, Symbol, Terminal};
use rustc_hash::FxHashMap;

/// What may come next in an object.
struct Next {
    /// Keys with a name.
    named: Vec<u32>,
    /// Classes of keys without one.
    classes: Vec<u32>,
    close: Option<Pred>,
    more: Option<Pred>,
}

/// One shape, and where in it a state stands.
struct Place<'a> {
    id: u32,
    at: u32,
    shape: &'a ObjectShape,
    keys: &'a Keys,
    /// Whether it only asks for required keys.
    simple: bool,
}

impl View<'_> {
    pub(super) fn object(
        &mut self,
        id: u32,
        at: u32,
        kind: Kind,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let shape = self.values.objects.get(id);
        let keys = self.values.keys_of(self.arena, id)?;
        let mut place = Place {
            id,
            at,
            shape: &shape,
            keys: &keys,
            simple: !shape.counts_keys(),
        };
        let classes = self.classes(&keys)?;
        let endless = |&c: &u32| keys.classes[c as usize].size.is_none();
        place.simple &= classes.is_empty() || classes.iter().any(endless);
        let next = if place.simple {
            self.next_simple(&place, classes)?
        } else {
            self.next_counted(&place, classes)?
        };
        if kind == Kind::After {
            if let Some(pred) = next.close {
                self.close(b'}', pred, false, edges)?;
            }
            if let Some(pred) = next.more {
                let to = self.states.id(RuleKey::Object(id, at, Kind::Comma));
                self.punctuation(true, b',', pred, Action::Comma(false), to, edges)?;
            }
            return Ok(());
        }
        let direct = self.blanks(kind, edges, |kind| RuleKey::Object(id, at, kind))?;
        if !direct {
            return Ok(());
        }
        if matches!(kind, Kind::Open | Kind::OpenBlank) {
            if let Some(pred) = next.close {
                self.close_now(b'}', pred, edges)?;
            }
        }
        if place.simple {
            self.simple_keys(&place, &next, edges)
        } else {
            self.counted_keys(&place, &next, edges)
        }
    }

    /// The classes of keys whose values exist.
    fn classes(&mut self, keys: &Keys) -> Result<Vec<u32>> {
        let mut found = Vec::with_capacity(keys.classes.len());
        for (i, class) in keys.classes.iter().enumerate() {
            if self.values.inhabited(self.arena, class.state)? {
                found.push(i as u32);
            }
        }
        Ok(found)
    }

    // -- shapes that only ask for required keys -------------------------------------------------

    /// Which keys may come next, and when the object may close or go on.
    fn next_simple(&mut self, place: &Place<'_>, mut classes: Vec<u32>) -> Result<Next> {
        let Place { shape, keys, .. } = place;
        let is_required = |key: &Key| shape.required.binary_search(key).is_ok();
        let declared_order = self.values.order == Order::Declared;
        let mut named = Vec::new();
        let mut blocked = false;
        let from = if declared_order { place.at } else { 0 };
        for (i, (key, state)) in keys.named.iter().enumerate().skip(from as usize) {
            if blocked {
                break;
            }
            if self.values.inhabited(self.arena, *state)? {
                named.push(i as u32);
            }
            blocked = declared_order && i < keys.declared && is_required(key);
        }
        let must: Vec<Key> = if declared_order {
            let declared: rustc_hash::FxHashSet<Key> =
                shape.properties.iter().map(|p| p.0).collect();
            let others = shape.required.iter().filter(|k| !declared.contains(k));
            others.copied().collect()
        } else {
            shape.required.to_vec()
        };
        if blocked {
            classes.clear();
        }
        let close = if blocked {
            None
        } else if must.is_empty() {
            Some(Pred::Always)
        } else {
            Some(Pred::AllUsed(self.terms.set(must)))
        };
        let declared_next = named.iter().any(|&i| (i as usize) < keys.declared);
        let more = if !classes.is_empty() || (declared_order && declared_next) {
            Some(Pred::Always)
        } else if named.is_empty() {
            None
        } else {
            let set = named.iter().map(|&i| keys.named[i as usize].0).collect();
            Some(Pred::SomeUnused(self.terms.set(set)))
        };
        Ok(Next {
            named,
            classes,
            close,
            more,
        })
    }

    fn simple_keys(&mut self, place: &Place<'_>, next: &Next, edges: &mut Vec<Edge>) -> Result<()> {
        let declared_order = self.values.order == Order::Declared;
        let (labelled, separate): (Vec<u32>, Vec<u32>) = next
            .named
            .iter()
            .partition(|&&i| declared_order && (i as usize) < place.keys.declared);
        for i in separate {
            let pred = Pred::Unused(place.keys.named[i as usize].0);
            self.named_key(place, i, 0, pred, edges)?;
        }
        let texts: Vec<_> = labelled
            .iter()
            .map(|&i| {
                let key = place.keys.named[i as usize].0;
                (self.values.key_text(key), NAMED + i)
            })
            .collect();
        let list: Vec<(&[u8], u32)> = texts.iter().map(|(t, l)| (&t[..], *l)).collect();
        let names = self.arena.literals(&list)?;
        let others = self.marked_classes(place.keys, &next.classes)?;
        let language = self.arena.or(vec![names, others])?;
        let bounded = next
            .classes
            .iter()
            .any(|&c| place.keys.classes[c as usize].bounded);
        let Some(terminal) = self.key_terminal(place.id, language, Pred::Always, bounded)? else {
            return Ok(());
        };
        for i in labelled {
            let key = MemberKey::Named(i);
            self.lead_to_member(place.id, key, 0, (terminal, NAMED + i), edges);
        }
        for &c in &next.classes {
            self.lead_to_member(place.id, MemberKey::Of(c), 0, (terminal, CLASS + c), edges);
        }
        Ok(())
    }

    // -- shapes that count, or ask for more -----------------------------------------------------

    fn next_counted(&mut self, place: &Place<'_>, mut classes: Vec<u32>) -> Result<Next> {
        let mut named = self.open_keys(place.keys, place.at)?;
        let required = &place.shape.required;
        if place.shape.max as usize <= required.len() {
            // There is no room for others, whatever was used.
            classes.clear();
            let key = |i: &u32| place.keys.named[*i as usize].0;
            named.retain(|i| required.binary_search(&key(i)).is_ok());
        }
        let presence = self.presence(place.id, place.keys, place.at)?;
        let more = !(named.is_empty() && classes.is_empty());
        Ok(Next {
            named,
            classes,
            close: Some(Pred::Complete(presence)),
            more: more.then_some(Pred::Lacks(presence)),
        })
    }

    fn counted_keys(
        &mut self,
        place: &Place<'_>,
        next: &Next,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        // With free order most keys lead to the same question.
        let mut asked: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for &i in &next.named {
            let after = self.position_after(place.keys, MemberKey::Named(i));
            let (key, state) = place.keys.named[i as usize];
            for (chosen, (holding, _)) in self.holdings(place.shape, key, state)?.iter().enumerate()
            {
                let id = self.after_holding(place.id, key, holding)?;
                let presence = match asked.get(&(id, after)) {
                    Some(&known) => known,
                    None => {
                        let keys = self.values.keys_of(self.arena, id)?;
                        let made = self.presence(id, &keys, after)?;
                        asked.insert((id, after), made);
                        made
                    }
                };
                let pred = Pred::Use(presence, key);
                self.named_key(place, i, chosen as u32, pred, edges)?;
            }
        }
        if next.classes.is_empty() {
            return Ok(());
        }
        let after = self.position_after(place.keys, MemberKey::Of(0));
        for taken in 0..1u32 << place.shape.witnesses.len() {
            let mut classes = Vec::new();
            for &c in &next.classes {
                let class = &place.keys.classes[c as usize];
                if class.witnesses & taken == taken {
                    let state = self.witness(place.shape, class.state, taken);
                    if self.values.inhabited(self.arena, state)? {
                        classes.push(c);
                    }
                }
            }
            if classes.is_empty() {
                continue;
            }
            let id = self.without_witnesses(place.id, place.shape, taken);
            let keys = self.values.keys_of(self.arena, id)?;
            let presence = self.presence(id, &keys, after)?;
            let language = self.marked_classes(place.keys, &classes)?;
            let bounded = classes
                .iter()
                .any(|&c| place.keys.classes[c as usize].bounded);
            let pred = Pred::UseOther(presence);
            if let Some(terminal) = self.key_terminal(place.id, language, pred, bounded)? {
                for c in classes {
                    let key = MemberKey::Of(c);
                    self.lead_to_member(place.id, key, taken, (terminal, CLASS + c), edges);
                }
            }
        }
        Ok(())
    }

    /// Keys with a name that may come from a position on, used or not.
    fn open_keys(&mut self, keys: &Keys, at: u32) -> Result<Vec<u32>> {
        let from = match self.values.order {
            Order::Declared => at as usize,
            Order::Free => 0,
        };
        let mut open = Vec::new();
        for (i, &(_, state)) in keys.named.iter().enumerate().skip(from) {
            if self.values.inhabited(self.arena, state)? {
                open.push(i as u32);
            }
        }
        Ok(open)
    }

    /// What a shape asks of the keys that may come from a position on.
    fn presence(&mut self, id: u32, keys: &Keys, at: u32) -> Result<u32> {
        let shape = self.values.objects.get(id);
        let open = self.open_keys(keys, at)?;
        let mut fates = Vec::with_capacity(open.len());
        for i in open {
            let (key, state) = keys.named[i as usize];
            fates.push((key, self.holdings(&shape, key, state)?));
        }
        // A shape that only asks for required keys need not name them; what leads to it asks.
        let bare = !shape.counts_keys();
        for &key in shape.required.iter().filter(|_| bare) {
            if keys.named.iter().all(|named| named.0 != key) {
                let state = self.values.by_rules(self.arena, &shape.rules, key)?;
                if self.values.inhabited(self.arena, state)? {
                    fates.push((key, self.holdings(&shape, key, state)?));
                }
            }
        }
        let mut others = Some(0u32);
        for c in self.classes(keys)? {
            let size = keys.classes[c as usize].size;
            others = others.zip(size).map(|(a, b)| a.saturating_add(b));
        }
        let pending = shape.witnesses.len() as u32;
        let made = self
            .values
            .presence(id, &fates, &shape.required, pending, others)?;
        Ok(self.terms.presence(made))
    }

    /// The ways in which the atoms of a key can hold.
    fn holdings(&mut self, shape: &ObjectShape, key: Key, state: State) -> Result<Vec<Holding>> {
        let mut ask = |values: &mut Values, arena: &mut Arena, s| values.inhabited(arena, s);
        self.values
            .holdings(self.arena, shape.formula, key, state, &mut ask)
    }

    /// The shape of what follows a member whose atoms hold so.
    fn after_holding(&mut self, id: u32, key: Key, holding: &[u32]) -> Result<u32> {
        if holding.is_empty() {
            return Ok(id);
        }
        let shape = self.values.objects.get(id);
        let formula = self.values.after_member(shape.formula, key, holding)?;
        Ok(self.values.objects.add(ObjectShape {
            formula,
            ..(*shape).clone()
        }))
    }

    fn witness(&mut self, shape: &ObjectShape, state: State, taken: u32) -> State {
        let mut all = state;
        for (i, &(_, witness)) in shape.witnesses.iter().enumerate() {
            if taken >> i & 1 == 1 {
                all = self.values.both(all, witness);
            }
        }
        all
    }

    fn without_witnesses(&mut self, id: u32, shape: &ObjectShape, taken: u32) -> u32 {
        if taken == 0 {
            return id;
        }
        let mut left = Vec::new();
        for (i, &witness) in shape.witnesses.iter().enumerate() {
            if taken >> i & 1 == 0 {
                left.push(witness);
            }
        }
        self.values.objects.add(ObjectShape {
            witnesses: left.into(),
            ..shape.clone()
        })
    }

    // -- both -----------------------------------------------------------------------------------

    fn named_key(
        &mut self,
        place: &Place<'_>,
        i: u32,
        chosen: u32,
        pred: Pred,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        let text = self.values.key_text(place.keys.named[i as usize].0);
        let language = self.arena.literal(&text)?;
        if let Some(terminal) = self.key_terminal(place.id, language, pred, false)? {
            let key = MemberKey::Named(i);
            self.lead_to_member(place.id, key, chosen, (terminal, 0), edges);
        }
        Ok(())
    }

    /// The keys of some classes, their ends labelled by the class.
    fn marked_classes(&mut self, keys: &Keys, classes: &[u32]) -> Result<ExprId> {
        let mut languages = Vec::with_capacity(classes.len());
        for &c in classes {
            let mark = self.arena.mark(CLASS + c)?;
            let language = keys.classes[c as usize].language;
            languages.push(self.arena.concat(language, mark)?);
        }
        self.arena.or(languages)
    }

    fn key_terminal(
        &mut self,
        shape: u32,
        language: ExprId,
        pred: Pred,
        bounded: bool,
    ) -> Result<Option<Terminal>> {
        if language == EMPTY {
            return Ok(None);
        }
        let expr = self.arena.json_string(language)?;
        Ok(Some(self.terms.add(Term {
            expr,
            pred,
            action: Action::Key { shape, bounded },
            source: Source::Json,
        })))
    }

    fn lead_to_member(
        &mut self,
        shape: u32,
        key: MemberKey,
        taken: u32,
        (terminal, label): (Terminal, u32),
        edges: &mut Vec<Edge>,
    ) {
        let member = Member { shape, key, taken };
        let target = self.states.id(RuleKey::Member(member, 0));
        edges.push(Edge {
            symbol: Symbol::Terminal(terminal, label),
            target,
        });
    }

    /// Where in the declared order the object stands after a member.
    fn position_after(&self, keys: &Keys, key: MemberKey) -> u32 {
        match (self.values.order, key) {
            (Order::Free, _) => 0,
            (Order::Declared, MemberKey::Named(i)) => (i + 1).min(keys.declared as u32),
            (Order::Declared, MemberKey::Of(_)) => keys.declared as u32,
        }
    }

    pub(super) fn member(
        &mut self,
        member: Member,
        phase: u8,
        edges: &mut Vec<Edge>,
    ) -> Result<()> {
        if phase == 0 {
            let to = self.states.id(RuleKey::Member(member, 1));
            return self.punctuation(true, b':', Pred::Always, Action::None, to, edges);
        }
        if phase == 1 && self.states.some_blanks != EMPTY {
            let to = self.states.id(RuleKey::Member(member, 2));
            let blanks = self.states.some_blanks;
            self.read(blanks, to, edges)?;
            if !self.arena.nullable(self.states.blanks) {
                return Ok(());
            }
        }
        let shape = self.values.objects.get(member.shape);
        let keys = self.values.keys_of(self.arena, member.shape)?;
        let (state, id) = match member.key {
            MemberKey::Named(i) => {
                let (key, state) = keys.named[i as usize];
                if shape.formula == FREE {
                    (state, member.shape)
                } else {
                    let holdings = self.holdings(&shape, key, state)?;
                    let (holding, state) = &holdings[member.taken as usize];
                    (*state, self.after_holding(member.shape, key, holding)?)
                }
            }
            MemberKey::Of(c) => {
                let state = keys.classes[c as usize].state;
                let state = self.witness(&shape, state, member.taken);
                let id = self.without_witnesses(member.shape, &shape, member.taken);
                (state, id)
            }
        };
        let next = self.position_after(&keys, member.key);
        let to = self.states.id(RuleKey::Object(id, next, Kind::After));
        self.value(state, to, edges)
    }
}
