//! Several names in one line.

/// How many authors are read; some works have thousands.
pub(super) const AUTHORS_MAX: usize = 50;

/// What stands between two names.
const BETWEEN: [&str; 9] = [", and ", " and ", " & ", " und ", " et ", " y ", " e ", "; ", ", "];

/// The names in a line one by one. A comma parts them only when each has two words or more: otherwise it stands within
/// one, as in `Field, Nora`.
pub(super) fn part(line: &str) -> Vec<String> {
    let mut parts = vec![line];
    for between in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(between)).collect();
    }
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_name = |part: &&str| part.contains(' ');
    let names = if parts.len() > 1 && parts.iter().all(is_name) { parts } else { vec![line.trim()] };
    names.into_iter().filter(|name| !name.is_empty()).take(AUTHORS_MAX).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn names_are_parted_only_where_that_is_certain() {
        assert_eq!(part("Nora Field, Ben Low and Ann Lee"), ["Nora Field", "Ben Low", "Ann Lee"]);
        assert_eq!(part("Nora Field & Ben Low"), ["Nora Field", "Ben Low"]);
        assert_eq!(part("Field, Nora"), ["Field, Nora"]);
        assert_eq!(part("Reuters and staff"), ["Reuters and staff"]);
        assert!(part(" ").is_empty());
    }
}
