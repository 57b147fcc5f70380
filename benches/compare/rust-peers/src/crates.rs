//! What most would write in Rust: a crate decodes an image into a vector of its
//! own, rayon's global pool runs over the images, each is copied into its place.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tiff::decoder::{Decoder, DecodingResult, Limits};

/// One image per path.
pub fn image(paths: &[PathBuf], dest: &mut [u8], slices: usize) -> Result<(), String> {
    if paths.len() != slices {
        return Err("`image` reads one image of a file".to_owned());
    }
    let bytes = dest.len() / slices;
    paths.par_iter().zip(dest.par_chunks_exact_mut(bytes)).try_for_each(|(path, slice)| {
        let mut reader = image::ImageReader::open(path).map_err(said)?;
        reader.no_limits();
        copy(reader.decode().map_err(said)?.as_bytes(), slice)
    })
}

/// One image per path, or all pages of a single path.
pub fn tiff(paths: &[PathBuf], dest: &mut [u8], slices: usize) -> Result<(), String> {
    let bytes = dest.len() / slices;
    if paths.len() == slices {
        return paths
            .par_iter()
            .zip(dest.par_chunks_exact_mut(bytes))
            .try_for_each(|(path, slice)| copy_tiff(&decode(&mut decoder(path)?)?, slice));
    }
    // Each thread walks through a run of pages with a decoder of its own.
    let run = slices.div_ceil(rayon::current_num_threads() * 4);
    dest.par_chunks_mut(bytes * run).enumerate().try_for_each(|(index, part)| {
        let mut decoder = decoder(&paths[0])?;
        for (page, slice) in part.chunks_exact_mut(bytes).enumerate() {
            decoder.seek_to_image(index * run + page).map_err(said)?;
            copy_tiff(&decode(&mut decoder)?, slice)?;
        }
        Ok(())
    })
}

type TiffDecoder = Decoder<BufReader<File>>;

fn decoder(path: &Path) -> Result<TiffDecoder, String> {
    let file = BufReader::new(File::open(path).map_err(said)?);
    Ok(Decoder::new(file).map_err(said)?.with_limits(Limits::unlimited()))
}

fn decode(decoder: &mut TiffDecoder) -> Result<DecodingResult, String> {
    decoder.read_image().map_err(said)
}

fn copy_tiff(decoded: &DecodingResult, slice: &mut [u8]) -> Result<(), String> {
    match decoded {
        DecodingResult::U8(samples) => copy(samples, slice),
        DecodingResult::U16(samples) => copy_wide(samples, slice, u16::to_ne_bytes),
        DecodingResult::F32(samples) => copy_wide(samples, slice, f32::to_ne_bytes),
        _ => Err("samples of another type".to_owned()),
    }
}

fn copy(from: &[u8], slice: &mut [u8]) -> Result<(), String> {
    if from.len() != slice.len() {
        return Err(format!("{} bytes instead of {}", from.len(), slice.len()));
    }
    slice.copy_from_slice(from);
    Ok(())
}

/// A plain copy once it is compiled.
fn copy_wide<T: Copy, const N: usize>(
    from: &[T],
    slice: &mut [u8],
    bytes: fn(T) -> [u8; N],
) -> Result<(), String> {
    if from.len() * N != slice.len() {
        return Err(format!("{} bytes instead of {}", from.len() * N, slice.len()));
    }
    for (&sample, place) in from.iter().zip(slice.chunks_exact_mut(N)) {
        place.copy_from_slice(&bytes(sample));
    }
    Ok(())
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
