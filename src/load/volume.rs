//! The Rust side: loads into `ndarray` views and arrays of (z, y, x, channel).

use std::sync::Arc;
use std::time::Duration;

use half::f16;
use ndarray::{Array4, ArrayViewMut4};

use super::job::{Job, Outcome};
use super::options::LoadOptions;
use super::plan::Plan;
use super::progress::Observer;
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;
use crate::stack::Stack;

/// How often an observer hears of the progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that samples are loaded as.
pub trait Sample: sealed::Sealed + Copy + Default + Send + 'static {
    /// The sample type of the stack that it stands for.
    const TYPE: SampleType;
}

macro_rules! samples {
    ($($rust:ty => $sample:ident),*) => {$(
        impl sealed::Sealed for $rust {}
        impl Sample for $rust {
            const TYPE: SampleType = SampleType::$sample;
        }
    )*};
}

samples!(u8 => U8, u16 => U16, u32 => U32, u64 => U64, i8 => I8, i16 => I16, i32 => I32, i64 => I64,
    f16 => F16, f32 => F32, f64 => F64);

impl Stack {
    /// What a load of this stack will do and need.
    pub fn plan(&self, options: &LoadOptions) -> Result<Plan> {
        Plan::new(self, options)
    }

    /// Loads into a new array of (z, y, x, channel).
    ///
    /// # Errors
    /// As `load_into`.
    pub fn load<T: Sample>(
        self: &Arc<Self>,
        options: &LoadOptions,
        observer: &mut dyn Observer,
    ) -> Result<(Array4<T>, Outcome)> {
        let packed = LoadOptions { row_stride: 0, slice_stride: 0, ..options.clone() };
        let plan = self.plan(&packed)?;
        let shape = (plan.slices as usize, plan.height as usize, plan.width as usize, plan.channels as usize);
        let samples = shape.0 * shape.1 * shape.2 * shape.3;
        let mut memory = Vec::new();
        if memory.try_reserve_exact(samples).is_err() {
            return Err(Error::new(
                Status::OutOfMemory,
                format!("no memory for {} bytes", plan.buffer_bytes),
            ));
        }
        memory.resize(samples, T::default());
        let mut array = Array4::from_shape_vec(shape, memory)
            .map_err(|error| Error::new(Status::Internal, error.to_string()))?;
        let outcome = self.load_into(&packed, array.view_mut(), observer)?;
        Ok((array, outcome))
    }

    /// Loads into a view of (z, y, x, channel). Rows and slices may lie apart,
    /// pixels may not. The strides in `options` are taken from the view.
    ///
    /// The outcome holds the report, and the error of a load that began but did
    /// not measure every slice.
    ///
    /// # Errors
    /// `TypeMismatch` when T is not the stack's sample type; `InvalidArgument`
    /// when the view has another shape or layout; whatever keeps a load from
    /// starting.
    pub fn load_into<T: Sample>(
        self: &Arc<Self>,
        options: &LoadOptions,
        mut view: ArrayViewMut4<'_, T>,
        observer: &mut dyn Observer,
    ) -> Result<Outcome> {
        let sample = self.description.sample;
        if T::TYPE != sample {
            return Err(Error::new(
                Status::TypeMismatch,
                format!("the stack's samples are {}, the view's are {}", sample.name(), T::TYPE.name()),
            ));
        }
        let bytes_apart = |axis: usize| view.strides()[axis].unsigned_abs() as u64 * size_of::<T>() as u64;
        let strided =
            LoadOptions { row_stride: bytes_apart(1), slice_stride: bytes_apart(0), ..options.clone() };
        let plan = self.plan(&strided)?;
        let shape = [plan.slices as usize, plan.height as usize, plan.width as usize, plan.channels as usize];
        if view.shape() != shape {
            return Err(Error::new(
                Status::InvalidArgument,
                format!("the view's shape is {:?}, the plan's is {shape:?}", view.shape()),
            ));
        }
        let strides = view.strides();
        let pixels_touch =
            (shape[3] == 1 || strides[3] == 1) && (shape[2] == 1 || strides[2] == shape[3] as isize);
        if !pixels_touch || strides.iter().any(|&s| s < 0) {
            return Err(Error::new(
                Status::InvalidArgument,
                "the view's pixels must follow each other in memory, forwards",
            ));
        }
        // SAFETY: the view lends its elements, of any bit pattern, exclusively
        // for this call; the plan reaches from its first to its last element,
        // and the job ends inside this call, by `finish` or by drop.
        let job = unsafe { Job::start(self, &strided, view.as_mut_ptr().cast(), plan.buffer_bytes)? };
        job.attend(observer, PROGRESS_INTERVAL, None);
        Ok(job.finish())
    }
}
