//! NeXT (TIFF compression 32766): 2-bit grey, row by row.
//!
//! A row is white (3) but for what its code says: all its bytes, or some of them from
//! a place on, or runs of one grey, whose two highest bits are the grey and the others
//! the length, up to its end.
#![forbid(unsafe_code)]

use super::Fault;

/// All bytes of a row follow.
const ROW: u8 = 0x00;
/// Two bytes say from where on, two how many; these follow.
const SPAN: u8 = 0x40;

/// Decodes rows of `width` pixels, four to a byte, into `out`.
pub fn decode(raw: &[u8], width: usize, out: &mut [u8]) -> Result<(), Fault> {
    let row_bytes = width.div_ceil(4).max(1);
    let mut rest = raw;
    for (index, row) in out.chunks_exact_mut(row_bytes).enumerate() {
        let short = Fault::Short { got: index * row_bytes };
        row.fill(0xFF);
        match *rest.split_off_first().ok_or(short)? {
            ROW => row.copy_from_slice(rest.split_off(..row_bytes).ok_or(short)?),
            SPAN => {
                let head = rest.split_off(..4).ok_or(short)?;
                let number = |at: usize| usize::from(head[at]) << 8 | usize::from(head[at + 1]);
                let (from, count) = (number(0), number(2));
                let bytes = rest.split_off(..count).ok_or(short)?;
                let to = row.get_mut(from..from + count);
                to.ok_or(Fault::Broken("a span in it is longer than its row"))?.copy_from_slice(bytes);
            }
            first => runs(first, &mut rest, width, row, short)?,
        }
    }
    Ok(())
}

/// Runs up to the end of a row; what of the last one lies beyond is left out.
fn runs(first: u8, rest: &mut &[u8], width: usize, row: &mut [u8], short: Fault) -> Result<(), Fault> {
    let (mut run, mut at) = (first, 0);
    loop {
        let (grey, end) = (run >> 6, width.min(at + usize::from(run & 63)));
        for pixel in at..end {
            let shift = 6 - 2 * (pixel % 4);
            row[pixel / 4] = row[pixel / 4] & !(3 << shift) | grey << shift;
        }
        at = end;
        if at == width {
            return Ok(());
        }
        run = *rest.split_off_first().ok_or(short)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &[u8], width: usize, rows: usize) -> Result<Vec<u8>, Fault> {
        let mut out = vec![0xAA; width.div_ceil(4) * rows];
        decode(raw, width, &mut out).map(|()| out)
    }

    #[test]
    fn every_kind_of_row() {
        let raw = [ROW, 1, 2, SPAN, 0, 1, 0, 1, 7, 0x03, 0x41, 0x84];
        let rows = [1, 2, 0xFF, 7, 0b00_00_00_01, 0b10_10_10_11];
        assert_eq!(decoded(&raw, 7, 3), Ok(rows.to_vec()));
    }

    #[test]
    fn what_ends_or_runs_over_is_a_fault() {
        for raw in [&[][..], &[ROW, 1], &[SPAN, 0, 1, 0], &[SPAN, 0, 1, 0, 1], &[0x03]] {
            assert_eq!(decoded(raw, 7, 1), Err(Fault::Short { got: 0 }), "{raw:?}");
        }
        assert!(matches!(decoded(&[SPAN, 0, 1, 0, 2, 7, 7], 7, 1), Err(Fault::Broken(_))));
    }
}
