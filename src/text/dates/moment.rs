//! Reading the many ways in which pages write dates and times.

use time::format_description::well_known::Iso8601;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::PartialDate;

/// When something happened, as precisely as a source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    pub date: PartialDate,
    /// With the time of day, where the source gives that and its distance from UTC.
    pub at: Option<OffsetDateTime>,
}

impl Moment {
    /// Reads a date anywhere at the start of a text, with what stands behind it as the time; `None` when there is none.
    ///
    /// Knows ISO 8601 and what is written for it, RFC 2822, seconds since 1970, and dates in words in the languages of
    /// [`month_named`]. Of `3/4/2026` the first is the day unless `month_first`.
    #[must_use]
    pub fn read(text: &str, month_first: bool) -> Option<Self> {
        let text = text.trim();
        if !text.is_ascii() || text.len() < 4 {
            return in_words(text, month_first);
        }
        iso(text).or_else(|| epoch(text)).or_else(|| in_words(text, month_first))
    }

    const fn day(date: Date) -> Self {
        Self { date: PartialDate::Day(date), at: None }
    }

    /// With the clock and the offset of `03:04:05.6 +02:00` or `15:04 GMT`, if there are both.
    fn with_clock(self, rest: &str) -> Self {
        let PartialDate::Day(day) = self.date else { return self };
        let at = clock(rest).map(|(time, offset)| PrimitiveDateTime::new(day, time).assume_offset(offset));
        Self { at, ..self }
    }
}

/// `2026-09-28T10:00:00.5+02:00`, `2026-09-28 10:00:00 +0200`, `2026/9/28`, `20260928`, `2026-09`, `2026`.
fn iso(text: &str) -> Option<Moment> {
    if let Ok(at) = OffsetDateTime::parse(text, &Iso8601::PARSING) {
        return sensible(at.date()).map(|day| Moment { date: PartialDate::Day(day), at: Some(at) });
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let year: i32 = text.get(..4)?.parse().ok()?;
    let rest = &text[4..];
    if digits(text) == 8 {
        let day = date(year, text[4..6].parse().ok()?, text[6..8].parse().ok()?)?;
        return Some(Moment::day(day).with_clock(&text[8..]));
    }
    if digits(text) != 4 {
        return None;
    }
    let Some(rest) = rest.strip_prefix(['-', '/', '.']) else {
        return (rest.is_empty() && (1_000..3_000).contains(&year))
            .then(|| Moment { date: text.parse().unwrap_or_default(), at: None });
    };
    let width = digits(rest);
    let month: u8 = rest.get(..width)?.parse().ok()?;
    let rest = &rest[width..];
    let Some(rest) = rest.strip_prefix(['-', '/', '.']) else {
        let written = format!("{year:04}-{month:02}");
        return written.parse().ok().map(|date| Moment { date, at: None });
    };
    let width = digits(rest);
    let day = date(year, month, rest.get(..width)?.parse().ok()?)?;
    Some(Moment::day(day).with_clock(&rest[width..]))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Moment> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(text.len(), 10 | 13) {
        return None;
    }
    let seconds = text[..10].parse().ok()?;
    let at = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    sensible(at.date()).map(|day| Moment { date: PartialDate::Day(day), at: Some(at) })
}

/// A day of the calendar in a year that a page can mean.
fn date(year: i32, month: u8, day: u8) -> Option<Date> {
    sensible(Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?)
}

fn sensible(date: Date) -> Option<Date> {
    (1_900..2_100).contains(&date.year()).then_some(date)
}

/// The time and offset of `T10:00:00.5+02:00`, ` 10:00 GMT`, ` 10:00:00Z`.
fn clock(text: &str) -> Option<(Time, UtcOffset)> {
    let text = text.trim_start_matches(['T', 't', ' ', ',']);
    let end = text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')).count();
    let (time, offset) = text.split_at(end);
    let whole = time.split('.').next().unwrap_or_default();
    let mut parts = whole.split(':').map(|part| part.parse::<u8>().ok());
    let time = Time::from_hms(parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)).ok()?;
    let offset = offset.trim();
    if matches!(offset, "Z" | "z" | "GMT" | "UTC") {
        return Some((time, UtcOffset::UTC));
    }
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: Vec<i8> = offset[1..]
        .bytes()
        .filter(u8::is_ascii_digit)
        .take(4)
        .map(|byte| (byte - b'0').cast_signed())
        .collect();
    let (hours, minutes) = match *digits {
        [a, b] => (a * 10 + b, 0),
        [a, b, c, d] => (a * 10 + b, c * 10 + d),
        _ => return None,
    };
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok().map(|offset| (time, offset))
}

/// How far into a text a date in words is looked for.
const WORDS_MAX: usize = 24;

/// `28 September 2026`, `Sept. 28, 2026`, `28. September 2026`, `28 de septiembre de 2026`, `28.09.2026`, `2026年9月28日`.
fn in_words(text: &str, month_first: bool) -> Option<Moment> {
    let pieces: Vec<Piece<'_>> = pieces(text);
    for at in 0..pieces.len() {
        let day = match pieces[at..] {
            [
                Piece::Number(year, 4),
                Piece::Mark('年' | '년' | '-' | '/' | '.'),
                Piece::Number(month, 1 | 2),
                Piece::Mark('月' | '월' | '-' | '/' | '.'),
                Piece::Number(day, 1 | 2),
                ..,
            ] => date(signed(year), small(month), small(day)),
            [
                Piece::Number(a, 1 | 2),
                Piece::Mark('.' | '/' | '-'),
                Piece::Number(b, 1 | 2),
                Piece::Mark('.' | '/' | '-'),
                Piece::Number(year, 4),
                ..,
            ] => {
                let dotted = matches!(pieces[at + 1], Piece::Mark('.'));
                let (day, month) =
                    if b > 12 || (month_first && !dotted && a <= 12) { (b, a) } else { (a, b) };
                date(signed(year), small(month), small(day))
            }
            [Piece::Number(day, 1 | 2), Piece::Word(month), Piece::Number(year, 4), ..] => {
                month_named(month).and_then(|month| date(signed(year), month, small(day)))
            }
            [Piece::Word(month), Piece::Number(day, 1 | 2), Piece::Number(year, 4), ..] => {
                month_named(month).and_then(|month| date(signed(year), month, small(day)))
            }
            _ => None,
        };
        if let Some(day) = day {
            return Some(Moment::day(day).with_clock(after(text, day.year())));
        }
    }
    None
}

/// What stands behind the year.
fn after(text: &str, year: i32) -> &str {
    text.split_once(&year.to_string()).map_or("", |(_, rest)| rest)
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(0)
}

fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

#[derive(Debug, Clone, Copy)]
enum Piece<'a> {
    /// A number and how many digits it has.
    Number(u32, usize),
    Word(&'a str),
    /// A mark that takes part in dates.
    Mark(char),
}

/// Splits a text at everything that is no letter or digit, and leaves out what stands between the parts of a date.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next()
        && pieces.len() < WORDS_MAX * 2
    {
        let run = |is: fn(char) -> bool| rest.find(|c: char| !is(c)).unwrap_or(rest.len());
        let taken = if first.is_ascii_digit() {
            let end = run(|c| c.is_ascii_digit());
            if let Ok(number) = rest[..end].parse() {
                pieces.push(Piece::Number(number, end));
            }
            end
        } else if matches!(first, '年' | '月' | '日' | '년' | '월' | '일') {
            pieces.push(Piece::Mark(first));
            first.len_utf8()
        } else if first.is_alphabetic() {
            let end = run(|c| {
                c.is_alphanumeric()
                    && !c.is_ascii_digit()
                    && !matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
            });
            let word = &rest[..end];
            if !matches!(
                word,
                "de" | "del" | "of" | "the" | "a" | "da" | "di" | "th" | "st" | "nd" | "rd" | "er" | "г"
            ) {
                pieces.push(Piece::Word(word));
            }
            end
        } else {
            // In "28. September" and "Sept. 28" the mark says nothing, in "28.09.2026" it does.
            let is_joint = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
            if matches!(first, '.' | '/' | '-')
                && is_joint
                && matches!(pieces.last(), Some(Piece::Number(..)))
            {
                pieces.push(Piece::Mark(first));
            }
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    pieces
}

/// The number of a month by its name or common short form, in the languages of most news pages.
fn month_named(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| name == word))?;
    u8::try_from(at + 1).ok()
}

const MONTHS: [&str; 12] = [
    "january jan januar jänner janeiro janvier janv enero ene gennaio gen januari stycznia ledna января січня ocak tammikuuta",
    "february feb februar fevereiro fev février févr fév febrero febbraio febr februari lutego února февраля лютого şubat helmikuuta",
    "march mar märz mär mrz março mars marzo maart mrt marca března марта березня mart marts maaliskuuta",
    "april apr abril avril aprile abr avr kwietnia dubna апреля квітня nisan huhtikuuta",
    "may mai maio mayo maggio mei maj maja května мая травня mayıs mag toukokuuta",
    "june jun juni junho juin junio giugno czerwca června июня червня haziran giu kesäkuuta",
    "july jul juli julho juillet julio luglio lipca července июля липня temmuz juil lug heinäkuuta",
    "august aug agosto août aout augustus augusti ago sierpnia srpna августа серпня ağustos elokuuta",
    "september sep sept setembro septembre septiembre settembre set września září сентября вересня eylül syyskuuta",
    "october oct okt oktober outubro octobre octubre ottobre out ott października října октября жовтня ekim lokakuuta",
    "november nov novembro novembre noviembre listopada listopadu ноября листопада kasım marraskuuta",
    "december dec dez dezember dezembro décembre déc diciembre dic dicembre grudnia prosince декабря грудня aralık joulukuuta",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let Some(moment) = Moment::read(text, false) else { return "-".to_owned() };
        let date = moment.date.to_iso().unwrap_or_default();
        moment.at.map_or(date, |at| format!("{} {}", at.date(), at.time()) + &format!(" {}", at.offset()))
    }

    #[test]
    fn what_machines_write_is_read() {
        for (text, wanted) in [
            ("2026-09-28T10:00:00.5+02:00", "2026-09-28 10:00:00.5 +02:00:00"),
            ("2026-09-28 10:00:00 +0200", "2026-09-28 10:00:00.0 +02:00:00"),
            ("2026-09-28T08:00Z", "2026-09-28 8:00:00.0 +00:00:00"),
            ("Mon, 28 Sep 2026 10:00:00 GMT", "2026-09-28 10:00:00.0 +00:00:00"),
            ("1790589600", "2026-09-28 10:00:00.0 +00:00:00"),
            ("1790589600000", "2026-09-28 10:00:00.0 +00:00:00"),
            ("2026-09-28T10:00:00", "2026-09-28"),
            ("20260928", "2026-09-28"),
            ("2026/9/8", "2026-09-08"),
            ("2026-09", "2026-09"),
            ("2026", "2026"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_people_write_is_read() {
        for text in [
            "28 September 2026",
            "Posted on Sept. 28, 2026 by Ana",
            "Montag, 28. September 2026, 10:00 Uhr",
            "28 de septiembre de 2026",
            "Le 28 septembre 2026 à 10h00",
            "28.09.2026",
            "28/9/2026",
            "9/28/2026",
            "28 сентября 2026 г.",
            "28 вересня 2026",
            "2026年9月28日",
            "2026년 9월 28일",
        ] {
            assert_eq!(read(text), "2026-09-28", "{text}");
        }
        assert_eq!(Moment::read("3/4/2026", true), iso("2026-03-04"));
        assert_eq!(Moment::read("3/4/2026", false), iso("2026-04-03"));
        for text in ["", "31.02.2026", "May be", "99", "1.2.3", "2026-13-01", &"9".repeat(9_999)] {
            assert_eq!(read(text), "-", "{text}");
        }
    }
}
