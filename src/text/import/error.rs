//! Why something cannot be read, in words for the person who sent it.

use crate::codes::codes;

codes! {
    /// Why something could not be imported; the label tells the person what to do.
    ImportError {
        Empty = "empty", "There are no words in this text. Paste the article itself, or choose another file.";
        TooLong = "too_long", "This text is longer than 2 MB (2,000,000 bytes). Split it into several articles.";
        TooMuchMarkup = "too_much_markup", "This page has more than 8 MB of markup (8,000,000 bytes). Copy the article’s text and paste that instead.";
        TooManyBlocks = "too_many_blocks", "This text has more than 20,000 paragraphs, list items and table cells. Split it into several articles, or leave the large tables out.";
        TooDeep = "too_deep", "The markup of this page is nested more than 200 levels deep. Copy the article’s text and paste that instead.";
        TooLarge = "too_large", "This file is larger than 10 MB (10,000,000 bytes). Split it, or copy the article’s text and paste that instead.";
        NotText = "not_text", "This is no text: most of it are bytes that stand for no characters. Choose a web page, a text, a PDF, a Word file (DOCX) or an e-mail (EML).";
        Charset = "charset", "The characters of this text cannot be made out: it is in another encoding than it says, or damaged. Save it as UTF-8 and choose it again.";
        Picture = "picture", "This is a picture. Only text can be checked: type what it says and paste that.";
        Media = "media", "This is a sound or a film. Only text can be checked: paste its transcript.";
        Archive = "archive", "This is a packed file. Unpack it, and choose the files in it.";
        OldOffice = "old_office", "This is an old Word, Excel or PowerPoint file, or one with a password. Save it as DOCX or PDF without a password.";
        OtherOffice = "other_office", "This is an office file, but no Word document (DOCX). Save it as DOCX or PDF.";
        RichText = "rich_text", "This is an RTF file. Save it as DOCX, PDF or a web page.";
        PdfEncrypted = "pdf_encrypted", "This PDF is locked with a password. Save it without one, or copy its text and paste that.";
        PdfPictures = "pdf_pictures", "This PDF holds only pictures of its pages and no text. Let a program recognise the text first (OCR), or type what is to be checked.";
        PdfBroken = "pdf_broken", "This PDF is damaged: its pages cannot be read. Print it to a new PDF, or copy its text and paste that.";
        PdfLetters = "pdf_letters", "This PDF does not say which letters its shapes stand for. Let a program recognise the text (OCR), or type what is to be checked.";
        PdfTooManyPages = "pdf_too_many_pages", "This PDF has more than 2,000 pages. Split it into several files.";
        WordEncrypted = "word_encrypted", "This Word file is locked with a password. Save it without one.";
        WordBroken = "word_broken", "This Word file is damaged: there is no document in it that can be read. Open it in a word processor and save it again.";
        Swells = "swells", "This file is far larger unpacked than it looks, as files are that are made to stop a program. It was not unpacked.";
        EmailBroken = "email_broken", "This e-mail cannot be read. Save it again as EML from your mail program, or copy its text and paste that.";
        EmailEmpty = "email_empty", "There are no words in this e-mail itself, only attachments. Save the attachment, and choose that file.";
        TookTooLong = "took_too_long", "Reading this file took too long, so it was stopped. Copy the article’s text and paste that instead.";
        Unreadable = "unreadable", "This file made our reader stop. Copy the article’s text and paste that instead.";
    }
}

impl std::error::Error for ImportError {}
