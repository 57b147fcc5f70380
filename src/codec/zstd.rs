//! Zstandard (TIFF compression 50000).
#![forbid(unsafe_code)]

use zstd::zstd_safe::{DCtx, InBuffer, OutBuffer, ResetDirective};

use super::Fault;

/// What one chunk leaves for the next: the decoder's tables and window.
#[derive(Default)]
pub struct Unzstd {
    context: Option<DCtx<'static>>,
}

impl Unzstd {
    /// Decodes `raw` into `out`, to its last byte.
    pub fn decode(&mut self, raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        if self.context.is_none() {
            self.context = DCtx::try_create();
        }
        let context = self.context.as_mut().ok_or(Fault::NoMemory)?;
        // All at once is faster than as a stream, but refuses what is longer or
        // shorter than `out`, or has something behind it.
        match context.decompress(out, raw) {
            Ok(got) if got == out.len() => Ok(()),
            _ => Self::stream(context, raw, out),
        }
    }

    /// As far as `out` goes, whatever comes after.
    fn stream(context: &mut DCtx<'_>, raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let broken = |_| Fault::Broken("its Zstandard frame is damaged");
        context.reset(ResetDirective::SessionOnly).map_err(broken)?;
        let size = out.len();
        let mut input = InBuffer::around(raw);
        let mut output = OutBuffer::around(out);
        while output.pos() < size {
            let before = (input.pos, output.pos());
            context.decompress_stream(&mut output, &mut input).map_err(broken)?;
            if (input.pos, output.pos()) == before {
                return Err(Fault::Short { got: output.pos() });
            }
        }
        Ok(())
    }
}
