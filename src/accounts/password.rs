//! Which passwords are taken, after NIST SP 800-63B-4 section 3.1.1: long enough to be the only factor, any characters,
//! no rules of composition, and none that is among the first to be guessed.

use unicode_normalization::UnicodeNormalization as _;

/// A password that is the only factor has at least 15 characters (SP 800-63B-4, section 3.1.1.2).
pub const MIN: usize = 15;
/// Nobody types more, and hashing has to end.
pub const MAX: usize = 256;

/// A password in the form that is hashed: NFKC, nothing cut off.
#[derive(Clone)]
pub struct Password(String);

/// Why a password is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Weak {
    #[error(
        "Take at least {MIN} characters: a few words that do not belong together are easy to keep in mind."
    )]
    Short,
    #[error("Take at most {MAX} characters.")]
    Long,
    #[error("Take more different characters: this is one of the first things that is guessed.")]
    Monotone,
    #[error("This is made of common passwords, which are the first to be guessed. Take other words.")]
    Common,
    #[error(
        "This is made of your own name or of this server's, which are the first to be guessed. Take other words."
    )]
    Context,
}

/// What is left of a password without the words that everybody guesses has at least this many characters.
const LEFT: usize = 5;
/// Fewer different characters than these are a pattern.
const DIFFERENT: usize = 5;

/// The parts that long passwords of leaked lists are made of, read as [`fold`] does.
const COMMON: [&str; 62] = [
    "passwords",
    "password",
    "passwort",
    "passwd",
    "motdepasse",
    "contrasena",
    "kennwort",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfgh",
    "qazwsxedc",
    "qazwsx",
    "abcdefghijklmnopqrstuvwxyz",
    "abcdefgh",
    "abcdef",
    "abcd",
    "abc",
    "letmein",
    "welcome",
    "willkommen",
    "iloveyou",
    "loveyou",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "superman",
    "batman",
    "trustno",
    "starwars",
    "whatever",
    "shadow",
    "master",
    "admin",
    "administrator",
    "root",
    "login",
    "secret",
    "geheim",
    "changeme",
    "default",
    "guest",
    "user",
    "test",
    "hello",
    "michael",
    "jennifer",
    "charlie",
    "correcthorsebatterystaple",
    "thisisapassword",
    "mypassword",
    "please",
    "summer",
];

impl Password {
    /// The password as it was typed, for comparing it with a stored one.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(text.nfkc().collect())
    }

    /// A new password. `context` are words that are guessed first for this person: names of theirs and ours.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn new(text: &str, context: &[&str]) -> Result<Self, Weak> {
        let password = Self::typed(text);
        let length = password.0.chars().count();
        if length < MIN {
            return Err(Weak::Short);
        }
        if length > MAX {
            return Err(Weak::Long);
        }
        let readings = [plain(&password.0), fold(&password.0)];
        let mut different: Vec<char> = readings[0].chars().collect();
        different.sort_unstable();
        different.dedup();
        if different.len() < DIFFERENT || is_a_run(&readings[0]) {
            return Err(Weak::Monotone);
        }
        let common = COMMON.map(str::to_owned);
        if readings.iter().any(|reading| left(reading, &common) < LEFT) {
            return Err(Weak::Common);
        }
        let own: Vec<String> = context
            .iter()
            .chain(&["factdesk"])
            .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()))
            .flat_map(|word| [plain(word), fold(word)])
            .filter(|word| word.chars().count() >= 3)
            .chain(common)
            .collect();
        if readings.iter().any(|reading| left(reading, &own) < LEFT) {
            return Err(Weak::Context);
        }
        Ok(password)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Lower case, without what stands between words.
fn plain(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        // What is neither letter nor digit counts beyond ASCII: other scripts, pictures.
        .filter(|c| c.is_alphanumeric() || !(c.is_ascii() || c.is_whitespace()))
        .collect()
}

/// The same, with signs that stand for letters read as letters: `P@ssw0rd`.
fn fold(text: &str) -> String {
    let letters = text.chars().map(|c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    });
    plain(&letters.collect::<String>())
}

/// How many characters are left once the words are taken out, longest first, and then the runs of digits.
fn left(text: &str, words: &[String]) -> usize {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = text.to_owned();
    for word in words {
        // What is taken out leaves a gap, so that its two sides make no new word.
        rest = rest.replace(word.as_str(), " ");
    }
    let rest: Vec<char> = rest.chars().collect();
    let follows = |a: char, b: char| a.is_ascii_digit() && b.is_ascii_digit() && is_step(a, b);
    let in_run = |at: usize| {
        let (before, after) = (at.checked_sub(1).map(|at| rest[at]), rest.get(at + 1).copied());
        before.is_some_and(|before| follows(before, rest[at]))
            || after.is_some_and(|after| follows(rest[at], after))
    };
    (0..rest.len()).filter(|&at| rest[at] != ' ' && !in_run(at)).count()
}

/// Whether most characters follow the one before, in the alphabet or in the digits: 12345…, abcde….
fn is_a_run(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let steps = letters.windows(2).filter(|pair| is_step(pair[0], pair[1])).count();
    letters.len() > 1 && steps * 4 >= (letters.len() - 1) * 3
}

/// Whether one character is next to the other: up, down, the same, or from 9 to 0.
fn is_step(a: char, b: char) -> bool {
    u32::from(a).abs_diff(u32::from(b)) <= 1 || matches!((a, b), ('9', '0') | ('0', '9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), Weak> {
        Password::new(text, &["ana.bertolli", "Ana Bertolli", "North desk"]).map(|_| ())
    }

    #[test]
    fn long_passwords_of_any_characters_are_taken() {
        for text in [
            "demo-demo-demo-1",
            "correct horse tram lamp",
            "three green umbrellas",
            "πέντε πράσινα φλιτζάνια",
            "五つの緑色の傘が雨の中で踊っている",
            "🦊🐢🦉🐝🦀 fünf Tiere",
            "               spaces count",
            "Tr0ub4dor&3-and-more",
            "x7#Kq9!vLm2@Zp4$wN",
            "8402 7193 5561 0284",
        ] {
            assert_eq!(judge(text), Ok(()), "{text}");
        }
        assert_eq!(judge(&"one of many words ".repeat(7)), Ok(()), "126 characters are nothing special");
    }

    #[test]
    fn what_is_guessed_first_is_not() {
        for (text, why) in [
            ("short words", Weak::Short),
            ("fourteen chars", Weak::Short),
            ("aaaaaaaaaaaaaaaaaaaa", Weak::Monotone),
            ("abababababababababab", Weak::Monotone),
            ("123456789012345", Weak::Monotone),
            ("9876543210987654", Weak::Monotone),
            ("passwordpassword", Weak::Common),
            ("P@ssw0rd-P@ssw0rd-2026", Weak::Common),
            ("Password1234567890", Weak::Common),
            ("qwertyuiopasdfghjkl", Weak::Common),
            ("letmein-letmein-letmein", Weak::Common),
            ("correct horse battery staple", Weak::Common),
            ("ana.bertolli.ana.bertolli", Weak::Context),
            ("Bertolli-Bertolli-1987", Weak::Context),
            ("factdesk factdesk 1", Weak::Context),
            ("Factdesk-North-desk-1", Weak::Context),
        ] {
            assert_eq!(judge(text), Err(why), "{text}");
        }
        assert_eq!(judge(&"many words ".repeat(30)), Err(Weak::Long));
    }

    #[test]
    fn a_password_is_the_same_however_it_is_typed() {
        let composed = Password::typed("un café très très serré");
        let decomposed = Password::typed("un cafe\u{301} tre\u{300}s tre\u{300}s serre\u{301}");
        let wide = Password::typed("ｕｎ café très très serré");
        assert_eq!(composed.bytes(), decomposed.bytes());
        assert_eq!(composed.bytes(), wide.bytes());
    }
}
