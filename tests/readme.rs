//! The README shows code that is compiled and run: the marked parts of the examples.
//! `ZSTACK_BLESS=1 cargo test --test readme` writes it anew.

use std::path::Path;

/// The part between the lines with `[readme]` and `[/readme]`, without the
/// indentation that all its lines have.
fn marked(source: &str) -> String {
    let lines = source.lines().skip_while(|line| !line.contains("[readme]")).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.contains("[/readme]")).collect();
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.is_empty()).map(indentation).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("").to_owned() + "\n").collect()
}

/// The README with the code as it is now. A block is filled when the line before
/// it names its source in a comment.
fn updated(readme: &str, root: &Path) -> (String, usize) {
    let (mut text, mut blocks) = (String::new(), 0);
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        text += &format!("{line}\n");
        let Some(source) = line.strip_prefix("<!-- examples/").and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let fence = lines.next().unwrap();
        assert!(fence.starts_with("```"), "no block after {line}");
        let code = marked(&std::fs::read_to_string(root.join("examples").join(source)).unwrap());
        assert!(!code.is_empty(), "nothing is marked in {source}");
        text += &format!("{fence}\n{code}```\n");
        assert!(lines.by_ref().any(|line| line == "```"), "the block after {line} does not end");
        blocks += 1;
    }
    (text, blocks)
}

#[test]
fn the_readme_shows_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let (expected, blocks) = updated(&std::fs::read_to_string(&path).unwrap(), root);
    assert_eq!(blocks, 4, "C, C++, Python and a plug-in host");
    if std::env::var_os("ZSTACK_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let readme = std::fs::read_to_string(&path).unwrap();
    assert!(readme == expected, "README.md differs; run ZSTACK_BLESS=1 cargo test --test readme");
}
