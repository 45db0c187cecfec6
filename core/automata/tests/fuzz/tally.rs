//! How many verdicts the judges gave, and how many they had to leave: what is not compared is at
//! least known.

use std::cell::Cell;

// Targets run side by side, each of them in one thread.
thread_local! {
    static GIVEN: Cell<u64> = const { Cell::new(0) };
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// Counts a verdict, or that there is none; each time that the latter have doubled it is told.
pub fn judged(verdict: Option<bool>) -> Option<bool> {
    let count = if verdict.is_some() { &GIVEN } else { &LEFT };
    count.set(count.get() + 1);
    let (given, left) = counts();
    if verdict.is_none() && left.is_power_of_two() {
        eprintln!("{left} texts are left unjudged, {given} are judged");
    }
    verdict
}

/// How many texts were judged in this thread, and how many were left.
pub fn counts() -> (u64, u64) {
    (GIVEN.get(), LEFT.get())
}
