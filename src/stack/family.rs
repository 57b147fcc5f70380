//! Families of names: which files of a folder are one stack, and in what order.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fmt::Write;

use super::names::{self, Parts};
use super::number::{Number, saturate};
use super::{Gap, OpenOptions, Reason};
use crate::error::{Error, Result, Status};

/// Runs of digits that are tried as the number, from the end of the name.
const POSITIONS: usize = 8;

/// A member of the stack: which name, or the number that no name has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// Index of the name, and its number if the family has numbers.
    Name(usize, Option<u64>),
    /// A kept gap: the name that the file would have, and its number.
    Gap(Vec<u8>, u64),
}

/// The dominant family of a list of names.
#[derive(Debug)]
pub(super) struct Family {
    pub members: Vec<Member>,
    /// Names that are no members, each with its reason.
    pub rejected: Vec<(usize, Reason, String)>,
    pub gaps: Vec<Gap>,
}

/// What the names of a family have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key<'a> {
    prefix: &'a [u8],
    middle: &'a [u8],
    /// In lower case, with its dot.
    extension: Vec<u8>,
    numbered: bool,
}

impl Key<'_> {
    /// A pattern that matches these names and can be opened.
    fn escaped_pattern(&self) -> String {
        let text = |bytes: &[u8]| glob::Pattern::escape(&String::from_utf8_lossy(bytes));
        format!("{}*{}{}", text(self.prefix), text(self.middle), text(&self.extension))
    }

    /// Such as `s_*.tif`.
    fn pattern(&self) -> String {
        let text = String::from_utf8_lossy;
        format!("{}*{}{}", text(self.prefix), text(self.middle), text(&self.extension))
    }
}

type Groups<'a> = HashMap<Key<'a>, Vec<usize>>;

/// The family of a name, taking the `position`-th run of digits from its end as
/// the number. Names without digits are a family by their extension.
fn key(name: &[u8], position: usize) -> Key<'_> {
    match names::split(name, position).or_else(|| names::split(name, 0)) {
        Some(Parts { prefix, middle, extension, .. }) => {
            Key { prefix, middle, extension: extension.to_ascii_lowercase(), numbered: true }
        }
        None => {
            let mut extension = names::extension(name).to_ascii_lowercase();
            extension.insert(0, b'.');
            Key { prefix: &[], middle: &[], extension, numbered: false }
        }
    }
}

fn group<'a>(names: &[&'a [u8]], asked: &[usize], position: usize) -> Groups<'a> {
    let mut groups = Groups::new();
    for &index in asked {
        groups.entry(key(names[index], position)).or_default().push(index);
    }
    groups
}

/// Finds the family that is the stack. `names` are of readable types.
pub(super) fn choose(names: &[&[u8]], options: &OpenOptions) -> Result<Family> {
    let mut rejected = Vec::new();
    let asked: Vec<usize> = (0..names.len())
        .filter(|&index| {
            let refusal = not_asked(names[index], options);
            let wanted = refusal.is_none();
            rejected.extend(refusal.map(|why| (index, Reason::NotAskedFor, why)));
            wanted
        })
        .collect();

    let (position, mut groups) = best_grouping(names, &asked);
    if let Some(prefix) = &options.prefix
        && groups.keys().any(|key| key.prefix == prefix.as_slice())
    {
        for (_, others) in groups.extract_if(|key, _| key.prefix != prefix.as_slice()) {
            let why = "its prefix is longer than the one asked for";
            rejected.extend(others.into_iter().map(|i| (i, Reason::NotAskedFor, why.to_owned())));
        }
    }
    let Some((chosen, mut indices)) = largest(&mut groups)? else {
        return Ok(Family { members: Vec::new(), rejected, gaps: Vec::new() });
    };
    for (key, others) in groups {
        let why = format!(
            "belongs to the family {} ({} files); the stack is {} ({} files)",
            key.pattern(),
            others.len(),
            chosen.pattern(),
            indices.len()
        );
        rejected.extend(others.into_iter().map(|index| (index, Reason::OtherFamily, why.clone())));
    }
    if !chosen.numbered {
        refuse_numbers(options, &chosen)?;
        indices.sort_by_key(|&index| names[index]);
        let members = indices.into_iter().map(|index| Member::Name(index, None)).collect();
        return Ok(Family { members, rejected, gaps: Vec::new() });
    }
    let digits =
        |index: usize| names::split(names[index], position).or_else(|| names::split(names[index], 0));
    let mut numbered: Vec<(Number<'_>, usize, Parts<'_>)> = indices
        .into_iter()
        .filter_map(|index| digits(index).map(|parts| (Number::new(parts.digits), index, parts)))
        .collect();
    drop_unasked(&mut numbered, options, &mut rejected);
    drop_duplicates(&mut numbered, names, &mut rejected);
    let (members, gaps) = line_up(&numbered, options)?;
    Ok(Family { members, rejected, gaps })
}

/// Why a name is not what the caller asked for, if so.
pub(super) fn not_asked(name: &[u8], options: &OpenOptions) -> Option<String> {
    if let Some(prefix) = &options.prefix
        && !name.starts_with(prefix)
    {
        return Some(format!("does not begin with {:?}", String::from_utf8_lossy(prefix)));
    }
    if let Some(extension) = &options.extension
        && !names::extension(name).eq_ignore_ascii_case(extension.trim_start_matches('.').as_bytes())
    {
        return Some(format!("its extension is not {extension:?}"));
    }
    None
}

/// Tries each run of digits as the number; the one that makes the largest
/// family wins, and of equals the one nearest the end of the name.
fn best_grouping<'a>(names: &[&'a [u8]], asked: &[usize]) -> (usize, Groups<'a>) {
    let size = |groups: &Groups<'_>| groups.values().map(Vec::len).max().unwrap_or(0);
    let mut best = (0, group(names, asked, 0));
    for position in 1..POSITIONS {
        // More than half cannot be bettered by much, and is the usual case.
        if size(&best.1) * 2 > asked.len() {
            break;
        }
        let groups = group(names, asked, position);
        if size(&groups) > size(&best.1) {
            best = (position, groups);
        }
    }
    best
}

/// Takes the largest family out of the groups; a tie is an error.
fn largest<'a>(groups: &mut Groups<'a>) -> Result<Option<(Key<'a>, Vec<usize>)>> {
    let Some(most) = groups.values().map(Vec::len).max() else { return Ok(None) };
    let mut first: Vec<Key<'a>> =
        groups.iter().filter(|(_, names)| names.len() == most).map(|(key, _)| key.clone()).collect();
    first.sort_by_key(Key::pattern);
    let [only] = first.as_slice() else { return Err(tie(&first, most)) };
    Ok(groups.remove_entry(only))
}

fn tie(first: &[Key<'_>], most: usize) -> Error {
    let mut list = String::new();
    for key in first.iter().take(4) {
        let _ = write!(list, "{}{}", if list.is_empty() { "" } else { ", " }, key.pattern());
    }
    if first.len() > 4 {
        let _ = write!(list, " and {} more", first.len() - 4);
    }
    let example = first[0].escaped_pattern();
    Error::new(
        Status::Ambiguous,
        format!(
            "{} families of names are equally large ({most} files each): {list}; \
             choose one with the prefix or extension option, or open a pattern such as {example}",
            first.len()
        ),
    )
}

fn refuse_numbers(options: &OpenOptions, chosen: &Key<'_>) -> Result<()> {
    if options.first_number == 0 && options.last_number.is_none() {
        return Ok(());
    }
    Err(Error::new(
        Status::InvalidArgument,
        format!(
            "first_number and last_number choose by number, but the names {} have none",
            chosen.pattern()
        ),
    ))
}

/// Rejects the numbers outside those asked for.
fn drop_unasked(
    numbered: &mut Vec<(Number<'_>, usize, Parts<'_>)>,
    options: &OpenOptions,
    rejected: &mut Vec<(usize, Reason, String)>,
) {
    let last = options.last_number.unwrap_or(u64::MAX);
    if options.first_number == 0 && options.last_number.is_none() {
        return;
    }
    numbered.retain(|(number, index, _)| {
        let value = number.value();
        let inside = value.is_some_and(|v| (options.first_number.into()..=u128::from(last)).contains(&v))
            || (value.is_none() && options.last_number.is_none());
        if !inside {
            let why = format!("its number is outside {} to {last}", options.first_number);
            rejected.push((*index, Reason::NotAskedFor, why));
        }
        inside
    });
}

/// Sorts by number. Of names with one number, the one padded like most of the
/// family stays, and of those the first in the alphabet.
fn drop_duplicates(
    numbered: &mut Vec<(Number<'_>, usize, Parts<'_>)>,
    names: &[&[u8]],
    rejected: &mut Vec<(usize, Reason, String)>,
) {
    let mut widths: HashMap<usize, usize> = HashMap::new();
    for (_, _, parts) in numbered.iter() {
        *widths.entry(parts.digits.len()).or_default() += 1;
    }
    let common = |parts: &Parts<'_>| widths[&parts.digits.len()];
    numbered.sort_by(|(a, ai, ap), (b, bi, bp)| {
        a.cmp(b).then_with(|| common(bp).cmp(&common(ap))).then_with(|| names[*ai].cmp(names[*bi]))
    });
    let mut kept: Option<(Number<'_>, usize)> = None;
    numbered.retain(|&(number, index, _)| match kept {
        Some((same, first)) if same == number => {
            let name = String::from_utf8_lossy(names[first]);
            rejected.push((
                index,
                Reason::Duplicate,
                format!("has the same number as {name}, which is kept"),
            ));
            false
        }
        _ => {
            kept = Some((number, index));
            true
        }
    });
}

/// The members in order, and the gaps between them.
fn line_up(
    numbered: &[(Number<'_>, usize, Parts<'_>)],
    options: &OpenOptions,
) -> Result<(Vec<Member>, Vec<Gap>)> {
    let mut gaps: Vec<(usize, u128, u128)> = Vec::new();
    for (position, pair) in numbered.windows(2).enumerate() {
        if let (Some(a), Some(b)) = (pair[0].0.value(), pair[1].0.value())
            && b - a > 1
        {
            gaps.push((position + 1, a + 1, b - 1));
        }
    }
    let missing = gaps.iter().fold(0u128, |sum, (_, first, last)| sum.saturating_add(last - first + 1));
    if options.keep_gaps && missing + numbered.len() as u128 > options.limits.files.into() {
        return Err(Error::new(
            Status::LimitExceeded,
            format!(
                "keeping the gaps would make {} slices of {} files, more than max_files, {}; \
                 open without keep_gaps, or with first_number and last_number",
                missing + numbered.len() as u128,
                numbered.len(),
                options.limits.files
            ),
        ));
    }
    let mut members = Vec::new();
    let mut told = Vec::with_capacity(gaps.len());
    let mut gaps = gaps.into_iter().peekable();
    for (position, (number, index, _)) in numbered.iter().enumerate() {
        if let Some((_, first, last)) = gaps.next_if(|gap| gap.0 == position) {
            if options.keep_gaps {
                let before = &numbered[position - 1].2;
                members.extend((first..=last).map(|n| Member::Gap(named(before, n), saturate(n))));
            }
            told.push(Gap { first: saturate(first), last: saturate(last), before: members.len() });
        }
        members.push(Member::Name(*index, Some(number.saturating())));
    }
    Ok((members, told))
}

/// The name of a number beside a neighbour, padded alike.
fn named(beside: &Parts<'_>, number: u128) -> Vec<u8> {
    let digits = format!("{number:0width$}", width = beside.digits.len());
    [beside.prefix, digits.as_bytes(), beside.middle, beside.extension].concat()
}

#[cfg(test)]
#[path = "family_tests.rs"]
mod tests;
