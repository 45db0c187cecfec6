//! How many verdicts the judges gave, and how many they had to leave: what is not compared is at
//! least known.

use std::sync::atomic::{AtomicU64, Ordering};

static GIVEN: AtomicU64 = AtomicU64::new(0);
static LEFT: AtomicU64 = AtomicU64::new(0);

/// Counts a verdict, or that there is none; each time that the latter have doubled it is told.
pub fn judged(verdict: Option<bool>) -> Option<bool> {
    if verdict.is_some() {
        GIVEN.fetch_add(1, Ordering::Relaxed);
    } else {
        let left = LEFT.fetch_add(1, Ordering::Relaxed) + 1;
        if left.is_power_of_two() {
            let given = GIVEN.load(Ordering::Relaxed);
            eprintln!("{left} texts are left unjudged, {given} are judged");
        }
    }
    verdict
}

/// How many texts were judged, and how many were left.
pub fn counts() -> (u64, u64) {
    (GIVEN.load(Ordering::Relaxed), LEFT.load(Ordering::Relaxed))
}
