//! Takes out of our own scripts and styles what only people need: comments, indentation, line breaks, blanks around signs.
//!
//! It knows just the style that they are written in (`docs/design-system.md`, Files): statements end with semicolons,
//! comments have lines of their own, and no string, template or regular expression goes over the end of a line. A line
//! that it does not understand keeps its blanks.

/// A script in fewer bytes.
#[must_use]
pub fn script(source: &str) -> String {
    let mut text = String::new();
    let mut before = None;
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let squeezed = without_blanks(line, is_needed_in_script);
        let mut line = squeezed.as_deref().unwrap_or(line);
        // Neighbouring declarations become one.
        let kind = ["const", "let"]
            .into_iter()
            .find(|kind| line.strip_prefix(kind).is_some_and(|rest| rest.starts_with([' ', '{', '['])));
        if let Some(kind) = kind.filter(|_| kind == before) {
            text.pop();
            text.push(',');
            line = line[kind.len()..].trim_start();
        }
        before = kind.filter(|_| line.ends_with(';'));
        append(&mut text, line, is_needed_in_script);
    }
    text
}

/// A style sheet in fewer bytes.
#[must_use]
pub fn style(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let mut squeezed = String::new();
    for line in text.lines().map(str::trim) {
        let shorter = without_blanks(line, is_needed_in_style);
        append(&mut squeezed, shorter.as_deref().unwrap_or(line), is_needed_in_style);
    }
    squeezed
}

/// Whether a blank between two signs means something.
type IsNeeded = fn(char, char) -> bool;

fn is_needed_in_script(before: char, after: char) -> bool {
    let is_word = |sign: char| sign.is_alphanumeric() || "_$".contains(sign);
    is_word(before) && is_word(after) || before == after && "+-".contains(before)
}

fn is_needed_in_style(before: char, after: char) -> bool {
    !("{};,:".contains(before) || "{};,".contains(after))
}

/// Puts a line behind the others, on the same line where that means the same.
fn append(text: &mut String, line: &str, is_needed: IsNeeded) {
    if line.starts_with('}') && text.ends_with(';') {
        text.pop();
    }
    let seam = text.chars().next_back().zip(line.chars().next());
    if seam.is_some_and(|(before, after)| is_needed(before, after)) {
        text.push('\n');
    }
    text.push_str(line);
}

/// The line without the blanks that mean nothing; nothing if it may hold a regular expression or a template in another.
fn without_blanks(line: &str, is_needed: IsNeeded) -> Option<String> {
    if line.matches('`').count() > 2 {
        return None;
    }
    let mut text = String::with_capacity(line.len());
    let mut quote = None;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match (quote, sign) {
            (Some(_), '\\') => {
                text.push(sign);
                text.extend(signs.next());
                continue;
            }
            (Some(end), _) if end == sign => quote = None,
            (None, '"' | '`') => quote = Some(sign),
            (None, '\'' | '/' | '\\') => return None,
            (None, ' ') => {
                let around = text.chars().next_back().zip(signs.peek().copied());
                if !around.is_some_and(|(before, after)| is_needed(before, after)) {
                    continue;
                }
            }
            _ => {}
        }
        text.push(sign);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_breaks_go_from_a_script() {
        let source = "// Says it.\nconst a = (b) => {\n  if (b) return \"x  y\";\n  a += 1 + +b;\n};\nfunction c() {\n}\nlet d = `e ${f} g`;\n";
        let squeezed = "const a=(b)=>{if(b)return\"x  y\";a+=1+ +b};function c(){}let d=`e ${f} g`;";
        assert_eq!(script(source), squeezed);
    }

    #[test]
    fn neighbouring_declarations_become_one() {
        let source = "const a = 1;\nconst { b } = c;\nlet d;\nlet e = () => {\n  f();\n};\nlet letter = 2;\nletter = 3;\n";
        assert_eq!(script(source), "const a=1,{b}=c;let d,e=()=>{f()};let letter=2;letter=3;");
    }

    #[test]
    fn what_is_not_understood_stays() {
        for line in
            ["if (/a b/.test(c)) d();", "e = `f ${g ? ` h` : i} j`;", "k = 'l m';", "n = \"o \\\" p\";"]
        {
            assert!(script(line).contains(line.split_once(" = ").map_or(line, |(_, value)| value)), "{line}");
        }
    }

    #[test]
    fn comments_and_blanks_go_from_a_style_sheet() {
        let source = "/* a */\n.a :is(b, c) > d {\n  color: red; /* e */\n  content: \"f: g\";\n  &:hover { top: calc(1px + 2px); }\n}\n";
        let squeezed = ".a :is(b,c) > d{color:red;content:\"f: g\";&:hover{top:calc(1px + 2px);}}";
        assert_eq!(style(source), squeezed);
    }
}
