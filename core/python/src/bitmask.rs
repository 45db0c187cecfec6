//! Token bitmasks in buffers that Python owns.

use crate::errors::ToPython;
use crate::matcher::Matcher;
use crate::whole::Whole;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;

/// A writable, C-contiguous int32 buffer of one or two dimensions.
pub struct Bitmask {
    buffer: PyBuffer<i32>,
    rows: usize,
    width: usize,
}

impl Bitmask {
    /// Takes a numpy array, or anything with the buffer protocol, or a CPU torch tensor.
    pub fn new(mask: &Bound<'_, PyAny>) -> PyResult<Self> {
        let buffer = match PyBuffer::<i32>::get(mask) {
            Ok(buffer) => buffer,
            Err(error) if mask.hasattr("numpy")? => {
                let array = mask.call_method0("numpy")?;
                PyBuffer::<i32>::get(&array).map_err(|_| error)?
            }
            Err(error) => {
                return Err(PyTypeError::new_err(format!(
                    "a token bitmask is an int32 array: {error}"
                )));
            }
        };
        // numpy's ">i4" passes for int32 on a machine of the other byte order.
        if !is_native(buffer.format().to_bytes()) {
            return Err(PyTypeError::new_err(
                "a token bitmask is an int32 array: its bytes are in the other order",
            ));
        }
        if buffer.readonly() || !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err(
                "a token bitmask must be writable and C-contiguous",
            ));
        }
        let (rows, width) = match *buffer.shape() {
            [width] => (1, width),
            [rows, width] => (rows, width),
            _ => {
                return Err(PyValueError::new_err(
                    "a token bitmask has the shape [batch, words] or [words]",
                ));
            }
        };
        Ok(Bitmask {
            buffer,
            rows,
            width,
        })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One row.
    pub fn row(&mut self, row: Whole) -> PyResult<&mut [u32]> {
        let Some(row) = row.at_most(self.rows).filter(|&r| r < self.rows) else {
            return Err(PyIndexError::new_err(format!(
                "row {row} of a bitmask of {} rows",
                self.rows
            )));
        };
        let (start, width) = (row * self.width, self.width);
        Ok(&mut self.all()?[start..start + width])
    }

    /// All rows, one after the other.
    fn all(&mut self) -> PyResult<&mut [u32]> {
        let start = self.buffer.buf_ptr().cast::<u32>();
        // SAFETY: the buffer is held, writable, contiguous and of 4-byte items (checked by `PyBuffer`
        // and in `new`), it holds rows x width items, and i32 and u32 have one layout. Writing through it is
        // what the caller asked for; as with numpy's own functions, a second thread that writes the
        // same row at the same time is the caller's race. The reason for it: 16 kB are not copied twice.
        Ok(unsafe { std::slice::from_raw_parts_mut(start, self.rows * self.width) })
    }
}

/// Whether a format of the buffer protocol asks for the byte order of this machine.
fn is_native(format: &[u8]) -> bool {
    match format.first() {
        Some(b'<') => cfg!(target_endian = "little"),
        Some(b'>' | b'!') => cfg!(target_endian = "big"),
        _ => true,
    }
}

/// Fills one row a matcher, the GIL released once for all of them.
#[pyfunction]
pub fn fill_batch(
    py: Python<'_>,
    matchers: Vec<PyRef<'_, Matcher>>,
    mask: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut mask = Bitmask::new(mask)?;
    if matchers.len() > mask.rows() {
        return Err(PyValueError::new_err(format!(
            "{} matchers for a bitmask of {} rows",
            matchers.len(),
            mask.rows()
        )));
    }
    let handles: Vec<_> = matchers.iter().map(|m| m.handle()).collect();
    let mut rows: Vec<&mut [u32]> = Vec::with_capacity(handles.len());
    let width = mask.width;
    let filled = mask.all()?;
    let mut rest = filled;
    for _ in &handles {
        let (row, others) = rest.split_at_mut(width);
        rows.push(row);
        rest = others;
    }
    py.detach(|| {
        let mut todo = handles.iter().zip(rows);
        todo.try_for_each(|(handle, row)| Matcher::lock(handle).fill(row))
    })
    .py(py)
}
