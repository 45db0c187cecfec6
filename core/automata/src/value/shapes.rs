//! Shapes of arrays and objects as sets: intersections, unions that are one shape, complements.
//!
//! *Purpose.* A list of shapes is a union. [`Values::meet_array_lists`] and its sibling multiply two
//! of them, [`Values::unite_objects`] makes one of alternatives that differ only in which keys must
//! be there, and a complement is a list again: each shape is a conjunction of a few statements, so
//! what it excludes is the union of what each of them excludes.
//!
//! *Invariants.* Complements declare no properties: a negation gives no key its place in an order.
//! A rule for one key is a rule of its literal.

use super::{
    ANY_STATE, ArrayShape, Contains, FREE, IMPOSSIBLE, Key, NO_MAXIMUM, Node, ObjectShape, Order,
    State, Value, Values,
};
use crate::error::{Error, Result};
use crate::expr::{Arena, ExprId, FULL};
use rustc_hash::{FxHashMap, FxHashSet};

/// Alternatives of arrays, or of objects, that one value may have.
pub(super) const SHAPES: usize = 2_000;

/// Pairs of alternatives that may be looked at to find those that are left.
const PAIRS: usize = 50_000;

/// The shape of any array, and of any object.
pub(super) const UNIVERSAL: u32 = 0;

impl Values {
    /// Everything that is not in a state.
    pub(super) fn not_state(&mut self, state: State) -> Result<State> {
        if let Some(&known) = self.negated.get(&state) {
            return Ok(known);
        }
        let list = self.states.get(state.0);
        let value = match list[..] {
            [one] => one,
            _ => self.add(Node::All(list.as_slice().into()))?,
        };
        let not = self.not_value(value)?;
        let negated = self.state(&[not]);
        self.negated.insert(state, negated);
        Ok(negated)
    }

    fn not_value(&mut self, v: Value) -> Result<Value> {
        match self.nodes[v.0 as usize] {
            _ if v == super::ANY => Ok(super::NEVER),
            _ if v == super::NEVER => Ok(super::ANY),
            // A complement gives keys no order, that of a complement neither.
            Node::Not(inner)
                if self.order == Order::Free
                    || matches!(self.nodes[inner.0 as usize], Node::Not(_)) =>
            {
                Ok(inner)
            }
            _ => self.add(Node::Not(v)),
        }
    }

    /// The same values with their keys in any order.
    pub(super) fn unordered(&mut self, state: State) -> Result<State> {
        if self.order == Order::Free || !self.gives_order(state) {
            return Ok(state);
        }
        let not = self.not_state(state)?;
        self.not_state(not)
    }

    pub(super) fn never(&mut self) -> State {
        self.state(&[super::NEVER])
    }

    // -- lists of shapes ----------------------------------------------------------------------

    pub(super) fn meet_array_lists(&mut self, a: &[u32], b: &[u32]) -> Result<Vec<u32>> {
        check_product(a, b)?;
        let mut arrays = Vec::new();
        for &x in a {
            for &y in b {
                let both = self.meet_arrays(x, y);
                let shape = self.arrays.get(both);
                let none = shape.min > shape.max || shape.unique && shape.repeats;
                if a.len() * b.len() == 1 || !none {
                    self.join_arrays(&mut arrays, &[both]);
                }
            }
        }
        check(&arrays)?;
        Ok(arrays)
    }

    pub(super) fn meet_object_lists(
        &mut self,
        arena: &mut Arena,
        a: &[u32],
        b: &[u32],
    ) -> Result<Vec<u32>> {
        check_product(a, b)?;
        let mut objects = Vec::new();
        let several = a.len() * b.len() > 1;
        for &x in a {
            let mut met = Vec::with_capacity(b.len());
            for &y in b {
                let both = self.meet_objects(arena, x, y)?;
                if both == x && self.adds_no_key(x, b) {
                    met.clear(); // all of x is in y: the others add nothing
                    met.push(x);
                    break;
                }
                if several {
                    let shape = self.objects.get(both);
                    if self.evidently_empty(arena, &shape)? {
                        continue;
                    }
                }
                met.push(both);
            }
            self.join_objects(&mut objects, &met);
        }
        if several {
            objects = self.unite_objects(objects)?;
        }
        check(&objects)?;
        Ok(objects)
    }

    /// Whether the others declare no key that the shape does not, and nothing of members has an order:
    /// then beside it they give no key another place.
    fn adds_no_key(&mut self, shape: u32, others: &[u32]) -> bool {
        if self.order == Order::Free {
            return true;
        }
        let shape = self.objects.get(shape);
        let own: FxHashSet<Key> = shape.properties.iter().map(|p| p.0).collect();
        others.iter().all(|&y| {
            let other = self.objects.get(y);
            let known = other.properties.iter().all(|p| own.contains(&p.0));
            known && !self.orders_members(&other)
        })
    }

    /// Whether what is said of members gives their keys an order.
    fn orders_members(&mut self, shape: &ObjectShape) -> bool {
        let said = shape.properties.iter().map(|p| p.1);
        let said = said.chain(shape.rules.iter().map(|r| r.1));
        said.chain(shape.witnesses.iter().map(|w| w.1))
            .any(|state| self.gives_order(state))
    }

    /// Whether a value gives keys an order, of its own or of what is in it.
    fn gives_order(&mut self, state: State) -> bool {
        if let Some(&known) = self.ordering.get(&state) {
            return known;
        }
        let mut open: Vec<Value> = self.states.get(state.0).to_vec();
        let mut seen: FxHashSet<Value> = open.iter().copied().collect();
        let mut below: FxHashSet<State> = FxHashSet::default();
        let mut found = false;
        while let Some(v) = open.pop() {
            let mut within: Vec<State> = Vec::new();
            let mut here: Vec<Value> = Vec::new();
            match &self.nodes[v.0 as usize] {
                Node::All(list) | Node::AnyOf(list) => here.extend(list.iter()),
                Node::Reference(Some(target)) => here.push(*target),
                Node::IfArray(shape) => {
                    let shape = self.arrays.get(*shape);
                    within.extend(shape.prefix.iter());
                    within.push(shape.rest);
                    within.extend(shape.contains.iter().map(|c| c.item));
                }
                Node::IfObject(shape) => {
                    let shape = self.objects.get(*shape);
                    found |= !shape.properties.is_empty();
                    within.extend(shape.rules.iter().map(|r| r.1));
                    within.extend(shape.witnesses.iter().map(|w| w.1));
                }
                _ => {}
            }
            for state in within {
                if below.insert(state) {
                    here.extend(self.states.get(state.0).iter());
                }
            }
            open.extend(here.into_iter().filter(|v| seen.insert(*v)));
            if found {
                break;
            }
        }
        self.ordering.insert(state, found);
        found
    }

    /// Adds array shapes of `more`. Any shape beside the universal one adds no arrays, but may bring an
    /// order of keys to what is in them.
    pub(super) fn join_arrays(&mut self, shapes: &mut Vec<u32>, more: &[u32]) {
        self.join_ordered(shapes, more, |values, id| {
            let shape = values.arrays.get(id);
            let said = shape.prefix.iter().chain([&shape.rest]);
            let mut said = said.chain(shape.contains.iter().map(|c| &c.item));
            said.any(|&state| values.gives_order(state))
        });
    }

    /// Adds the shapes of `more`. Any shape beside the universal one adds no objects; but where keys
    /// have an order, it brings its own to keys that are named later (`anyOf: [{}, A]` beside `B`), and
    /// to those of members.
    pub(super) fn join_objects(&mut self, shapes: &mut Vec<u32>, more: &[u32]) {
        self.join_ordered(shapes, more, |values, id| {
            let shape = values.objects.get(id);
            !shape.properties.is_empty() || values.orders_members(&shape)
        });
    }

    /// Adds shapes; beside the universal one those stay that bring an order, if keys have one.
    fn join_ordered(
        &mut self,
        shapes: &mut Vec<u32>,
        more: &[u32],
        brings_order: impl Fn(&mut Values, u32) -> bool,
    ) {
        if self.order == Order::Free {
            return join(shapes, more);
        }
        for &shape in more {
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        if shapes.contains(&UNIVERSAL) {
            shapes.retain(|&id| id == UNIVERSAL || brings_order(self, id));
        }
    }

    /// The same union with alternatives put together that differ in nothing but presence.
    pub(super) fn unite_objects(&mut self, shapes: Vec<u32>) -> Result<Vec<u32>> {
        if shapes.len() < 2 {
            return Ok(shapes);
        }
        let mut groups: Vec<(ObjectShape, Vec<u32>)> = Vec::new();
        let mut index: FxHashMap<ObjectShape, usize> = FxHashMap::default();
        for id in shapes {
            let mut outline = (*self.objects.get(id)).clone();
            outline.required = Box::new([]);
            outline.formula = FREE;
            match index.get(&outline) {
                Some(&at) => groups[at].1.push(id),
                None => {
                    index.insert(outline.clone(), groups.len());
                    groups.push((outline, vec![id]));
                }
            }
        }
        let mut united = Vec::with_capacity(groups.len());
        for (outline, ids) in groups {
            let one = match ids[..] {
                [only] => only,
                _ => self.either(outline, &ids)?,
            };
            self.join_objects(&mut united, &[one]);
        }
        Ok(united)
    }

    /// Shapes that differ only in presence, as one.
    fn either(&mut self, outline: ObjectShape, ids: &[u32]) -> Result<u32> {
        let shapes: Vec<_> = ids.iter().map(|&id| self.objects.get(id)).collect();
        let in_all = |key: &Key| shapes.iter().all(|s| s.required.binary_search(key).is_ok());
        let required: Vec<Key> = shapes[0].required.iter().copied().filter(in_all).collect();
        let mut formula = IMPOSSIBLE;
        for shape in &shapes {
            let own = shape.required.iter().copied();
            let more: Vec<Key> = own.filter(|key| !required.contains(key)).collect();
            let must = self.formulas.all(&more)?;
            let both = self.formulas.and(must, shape.formula)?;
            formula = self.formulas.or(formula, both)?;
        }
        self.formulas.check(formula)?;
        Ok(self.objects.add(ObjectShape {
            required: required.into(),
            formula,
            ..outline
        }))
    }

    // -- intersections ------------------------------------------------------------------------

    fn meet_arrays(&mut self, x: u32, y: u32) -> u32 {
        if x == y || y == UNIVERSAL {
            return x;
        }
        if x == UNIVERSAL {
            return y;
        }
        let (a, b) = (self.arrays.get(x), self.arrays.get(y));
        let length = a.prefix.len().max(b.prefix.len());
        let mut prefix = Vec::with_capacity(length);
        for i in 0..length {
            let at = |shape: &ArrayShape| shape.prefix.get(i).copied().unwrap_or(shape.rest);
            prefix.push(self.both(at(&a), at(&b)));
        }
        let mut contains: Vec<Contains> = Vec::new();
        for one in a.contains.iter().chain(&b.contains) {
            let same = |c: &&mut Contains| (c.from, c.item) == (one.from, one.item);
            match contains.iter_mut().find(same) {
                Some(known) => {
                    known.min = known.min.max(one.min);
                    known.max = known.max.min(one.max);
                }
                None => contains.push(one.clone()),
            }
        }
        contains.sort_unstable();
        let shape = ArrayShape {
            prefix: prefix.into(),
            rest: self.both(a.rest, b.rest),
            min: a.min.max(b.min),
            max: a.max.min(b.max),
            contains: contains.into(),
            unique: a.unique || b.unique,
            repeats: a.repeats || b.repeats,
        };
        self.arrays.add(shape)
    }

    fn meet_objects(&mut self, arena: &mut Arena, x: u32, y: u32) -> Result<u32> {
        if x == y || y == UNIVERSAL {
            return Ok(x);
        }
        if x == UNIVERSAL {
            return Ok(y);
        }
        let (a, b) = (self.objects.get(x), self.objects.get(y));
        let index = |shape: &ObjectShape| -> FxHashMap<Key, State> {
            shape.properties.iter().copied().collect()
        };
        let (in_a, in_b) = (index(&a), index(&b));
        let mut properties = Vec::with_capacity(a.properties.len() + b.properties.len());
        for &(key, state) in &a.properties {
            let other = match in_b.get(&key) {
                Some(&other) => other,
                None => self.by_rules(arena, &b.rules, key)?,
            };
            properties.push((key, self.both(state, other)));
        }
        for &(key, state) in &b.properties {
            if !in_a.contains_key(&key) {
                let other = self.by_rules(arena, &a.rules, key)?;
                properties.push((key, self.both(other, state)));
            }
        }
        let mut rules = a.rules.to_vec();
        for &(language, state) in &b.rules {
            match rules.iter_mut().find(|rule| rule.0 == language) {
                Some(rule) => rule.1 = self.both(rule.1, state),
                None => rules.push((language, state)),
            }
        }
        let mut required: Vec<Key> = a.required.iter().chain(&b.required).copied().collect();
        required.sort_unstable();
        required.dedup();
        let mut witnesses = a.witnesses.to_vec();
        witnesses.extend(b.witnesses.iter().filter(|w| !a.witnesses.contains(w)));
        witnesses.sort_unstable();
        let mut shape = ObjectShape {
            properties: properties.into(),
            rules: rules.into(),
            required: required.into(),
            formula: self.formulas.and(a.formula, b.formula)?,
            min: a.min.max(b.min),
            max: a.max.min(b.max),
            witnesses: witnesses.into(),
        };
        if shape.formula != FREE {
            let mut evident = |values: &mut Values, arena: &mut Arena, state| {
                values.no_value(arena, state).map(|empty| !empty)
            };
            shape.formula = self.simplified(arena, &shape, &mut evident)?;
            self.formulas.check(shape.formula)?;
        }
        Ok(self.objects.add(shape))
    }

    /// What is said of a declared key by itself and by patterns beside it.
    pub fn declared(
        &mut self,
        arena: &mut Arena,
        own: State,
        patterns: &[(ExprId, State)],
        key: Key,
    ) -> Result<State> {
        let more = self.by_rules(arena, patterns, key)?;
        Ok(self.both(own, more))
    }

    /// What the rules say of a key that is not declared.
    pub(super) fn by_rules(
        &mut self,
        arena: &mut Arena,
        rules: &[(ExprId, State)],
        key: Key,
    ) -> Result<State> {
        let mut all = ANY_STATE;
        for &(language, state) in rules {
            if self.matches(arena, language, key)? {
                all = self.both(all, state);
            }
        }
        Ok(all)
    }

    /// Whether a key is in a language of decoded text.
    pub(super) fn matches(
        &mut self,
        arena: &mut Arena,
        language: ExprId,
        key: Key,
    ) -> Result<bool> {
        let mut at = language;
        if at != FULL {
            for &b in self.keys.get(key).iter() {
                at = arena.next(at, b)?;
            }
        }
        Ok(arena.nullable(at))
    }

    /// The texts of keys, as a language.
    pub(super) fn texts_of_keys(
        &self,
        arena: &mut Arena,
        keys: impl Iterator<Item = Key>,
    ) -> Result<ExprId> {
        let texts: Vec<_> = keys.map(|key| self.key_text(key)).collect();
        let texts: Vec<(&[u8], u32)> = texts.iter().map(|t| (&t[..], 0)).collect();
        arena.literals(&texts)
    }

    // -- complements --------------------------------------------------------------------------

    /// The arrays that are in none of the shapes.
    pub(super) fn not_arrays(&mut self, shapes: &[u32]) -> Result<Vec<u32>> {
        let mut left = vec![UNIVERSAL];
        for &shape in shapes {
            let excluded = self.not_array(shape)?;
            left = self.meet_array_lists(&left, &excluded)?;
        }
        Ok(left)
    }

    fn not_array(&mut self, shape: u32) -> Result<Vec<u32>> {
        let shape = self.arrays.get(shape);
        let mut list = Vec::new();
        let of_length = |min, max| ArrayShape::new(Box::new([]), ANY_STATE, min, max);
        if shape.unique {
            list.push(ArrayShape {
                repeats: true,
                ..of_length(2, NO_MAXIMUM)
            });
        }
        if shape.repeats {
            list.push(ArrayShape {
                unique: true,
                ..of_length(0, NO_MAXIMUM)
            });
        }
        if shape.min > 0 {
            list.push(of_length(0, shape.min - 1));
        }
        if shape.max < NO_MAXIMUM {
            list.push(of_length(shape.max + 1, NO_MAXIMUM));
        }
        let mut prefix: Vec<State> = Vec::new();
        for &item in &shape.prefix {
            let not = self.not_state(item)?;
            prefix.push(not);
            let length = prefix.len() as u32;
            list.push(ArrayShape::new(
                prefix[..].into(),
                ANY_STATE,
                length,
                NO_MAXIMUM,
            ));
            prefix[length as usize - 1] = ANY_STATE;
        }
        let counted = |from: u32, item, min, max| {
            let mut shape = of_length(0, NO_MAXIMUM);
            shape.prefix = vec![ANY_STATE; from as usize].into();
            shape.contains = Box::new([Contains {
                from,
                item,
                min,
                max,
            }]);
            shape
        };
        if shape.rest != ANY_STATE {
            let not = self.not_state(shape.rest)?;
            list.push(counted(shape.prefix.len() as u32, not, 1, NO_MAXIMUM));
        }
        for c in &shape.contains {
            let item = self.unordered(c.item)?;
            if c.min > 0 {
                list.push(counted(c.from, item, 0, c.min - 1));
            }
            if c.max < NO_MAXIMUM {
                list.push(counted(c.from, item, c.max + 1, NO_MAXIMUM));
            }
        }
        let mut ids = Vec::with_capacity(list.len());
        for shape in list {
            ids.push(self.arrays.add(shape));
        }
        Ok(ids)
    }

    /// The objects that are in none of the shapes.
    pub(super) fn not_objects(&mut self, arena: &mut Arena, shapes: &[u32]) -> Result<Vec<u32>> {
        let mut left = vec![UNIVERSAL];
        for &shape in shapes {
            let excluded = self.not_object(arena, shape)?;
            left = self.meet_object_lists(arena, &left, &excluded)?;
        }
        Ok(left)
    }

    fn not_object(&mut self, arena: &mut Arena, shape: u32) -> Result<Vec<u32>> {
        let shape = self.objects.get(shape);
        let mut list = Vec::new();
        let any = ObjectShape::any();
        let presence = self.said_of_keys(&shape)?;
        let absence = self.formulas.not(presence)?;
        self.formulas.check(absence)?;
        if absence != IMPOSSIBLE {
            list.push(ObjectShape {
                formula: absence,
                ..any.clone()
            });
        }
        if shape.min > 0 {
            list.push(ObjectShape {
                max: shape.min - 1,
                ..any.clone()
            });
        }
        if shape.max < NO_MAXIMUM {
            list.push(ObjectShape {
                min: shape.max + 1,
                ..any.clone()
            });
        }
        if !shape.rules.is_empty() {
            let declared = self.texts_of_keys(arena, shape.properties.iter().map(|p| p.0))?;
            let others = arena.not(declared)?;
            for &(language, state) in &shape.rules {
                let not = self.not_state(state)?;
                let keys = arena.and(vec![others, language])?;
                list.push(ObjectShape {
                    witnesses: Box::new([(keys, not)]),
                    ..any.clone()
                });
            }
        }
        for &(language, state) in &shape.witnesses {
            list.push(ObjectShape {
                rules: Box::new([(language, self.not_state(state)?)]),
                ..any.clone()
            });
        }
        let mut ids = Vec::with_capacity(list.len());
        for shape in list {
            ids.push(self.objects.add(shape));
        }
        self.unite_objects(ids)
    }

    /// Objects whose keys are all in the language.
    pub(super) fn objects_named(&mut self, arena: &mut Arena, language: ExprId) -> Result<u32> {
        let mut shape = ObjectShape::any();
        if language != FULL {
            shape.rules = Box::new([(arena.not(language)?, self.never())]);
        }
        Ok(self.objects.add(shape))
    }
}

/// Adds the shapes of `more`; any shape beside the universal one adds nothing.
pub(super) fn join(shapes: &mut Vec<u32>, more: &[u32]) {
    for &shape in more {
        if shapes.contains(&UNIVERSAL) || shapes.contains(&shape) {
            continue;
        }
        if shape == UNIVERSAL {
            shapes.clear();
        }
        shapes.push(shape);
    }
}

pub(super) fn check(shapes: &[u32]) -> Result<()> {
    if shapes.len() > SHAPES {
        return Err(too_many());
    }
    Ok(())
}

fn check_product(a: &[u32], b: &[u32]) -> Result<()> {
    if a.len().saturating_mul(b.len()) > PAIRS {
        return Err(too_many());
    }
    Ok(())
}

pub(super) fn too_many() -> Error {
    Error::Budget(format!("{SHAPES} alternatives of one value"))
}
