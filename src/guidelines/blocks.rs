//! The few forms that the text of guidelines has: headings, lists and paragraphs, told from each other by how lines begin.

/// A part of guidelines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A line that begins with `#`.
    Heading(String),
    /// A heading under one: a line that begins with `##`.
    Subheading(String),
    /// Lines that begin with `-` or `*`.
    List(Vec<String>),
    /// Everything else, up to an empty line.
    Paragraph(String),
}

impl Block {
    /// The parts of a text, from top to bottom.
    #[must_use]
    pub fn all(text: &str) -> Vec<Self> {
        let mut blocks: Vec<Self> = Vec::new();
        let mut goes_on = false;
        for line in text.lines().map(str::trim) {
            let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).map(str::trim);
            let depth = line.bytes().take_while(|byte| *byte == b'#').count();
            let heading = line[depth..].trim();
            match (blocks.last_mut(), item) {
                _ if line.is_empty() => goes_on = false,
                _ if depth > 0 && !heading.is_empty() => {
                    let kind = if depth == 1 { Self::Heading } else { Self::Subheading };
                    blocks.push(kind(heading.to_owned()));
                    goes_on = false;
                }
                (Some(Self::List(items)), Some(item)) => {
                    items.push(item.to_owned());
                    goes_on = true;
                }
                (_, Some(item)) => {
                    blocks.push(Self::List(vec![item.to_owned()]));
                    goes_on = true;
                }
                (Some(Self::List(items)), None) if goes_on => {
                    if let Some(last) = items.last_mut() {
                        last.push(' ');
                        last.push_str(line);
                    }
                }
                (Some(Self::Paragraph(words)), None) if goes_on => {
                    words.push('\n');
                    words.push_str(line);
                }
                _ => {
                    blocks.push(Self::Paragraph(line.to_owned()));
                    goes_on = true;
                }
            }
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_headings_lists_and_paragraphs() {
        let text = "# Ratings\nRead the claim\ntwice.\n\n- False: the facts\n  say otherwise\n* Mixed\n\n## Numbers\n5 % off is #1.";
        assert_eq!(
            Block::all(text),
            [
                Block::Heading("Ratings".into()),
                Block::Paragraph("Read the claim\ntwice.".into()),
                Block::List(vec!["False: the facts say otherwise".into(), "Mixed".into()]),
                Block::Subheading("Numbers".into()),
                Block::Paragraph("5 % off is #1.".into()),
            ]
        );
    }

    #[test]
    fn nothing_has_no_blocks() {
        assert_eq!(Block::all(" \n\n#\n").len(), 1);
        assert!(Block::all("\n \n").is_empty());
    }
}
