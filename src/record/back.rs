//! How each change is taken back. Nothing is ever deleted: what takes a change back is another one.

/// How a change is taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Back {
    /// With a button, where the changes of its thing are listed.
    Undo,
    /// By another change, in these words.
    By(&'static str),
    /// Not at all, for this reason.
    Stays(&'static str),
}

use Back::{By, Stays, Undo};

/// How a change of this kind is taken back; nothing for a kind that is not known.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one line for each kind of change")]
pub fn back(action: &str) -> Option<Back> {
    Some(match action {
        "account.rename" => By("The person changes the name again."),
        "account.erase" => Stays("Who has their account erased is forgotten for ever."),
        "agent.create" => By("Merge it with the one that was meant."),
        "agent.merge" | "source.merge" => By("Part the two again."),
        "agent.part" | "source.part" => By("Merge the two again."),
        "agent.recuse" => By("End the recusal."),
        "agent.end_recusal" => By("Recuse yourself again."),
        "agent.edit"
        | "article.edit"
        | "source.edit"
        | "source.describe"
        | "appearance.add"
        | "appearance.mark"
        | "appearance.edit"
        | "appearance.remove"
        | "appearance.restore"
        | "appearance.confirm"
        | "appearance.move"
        | "appearance.orphan"
        | "claim.mark"
        | "claim.edit"
        | "claim.decline"
        | "claim.join"
        | "claim.assign"
        | "claim.plan"
        | "contact.add"
        | "contact.edit"
        | "contact.remove"
        | "contact.restore"
        | "evidence.acknowledge"
        | "evidence.add"
        | "evidence.edit"
        | "evidence.remove"
        | "evidence.restore"
        | "set.add"
        | "set.edit"
        | "set.remove"
        | "set.restore"
        | "question.add"
        | "question.edit"
        | "question.move"
        | "question.remove"
        | "question.restore"
        | "answer.add"
        | "answer.edit"
        | "answer.remove"
        | "answer.restore"
        | "verdict.draft" => Undo,
        "appearance.reconsider" => By("Decide about the mark again."),
        "article.add" => {
            Stays("A text that came in is kept as it was. Decline the claims that were marked in it.")
        }
        "article.revise" => By("Take in the text of before as the next version."),
        "article.watch" => By("End the watch."),
        "article.unwatch" => By("Watch the article again."),
        "article.clear" | "passage.clear" | "passage.agree" => {
            By("Take the decision back where it was made, or mark a claim there.")
        }
        "claim.create" => By("Decline the claim."),
        "claim.distinguish" => By("Join the two after all."),
        "claim.reopen" => By("Decline or join it again."),
        "claim.recuse" => {
            Stays("Who stepped back from a claim stays out of it, so that nobody comes and goes.")
        }
        "comment.add" => By("Remove the comment."),
        "comment.edit" => By("Edit the comment again; what it said before is in its history."),
        "comment.remove" => By("Bring the comment back."),
        "comment.restore" => By("Remove it again."),
        "comment.resolve" => By("Reopen the thread."),
        "comment.reopen" => By("Resolve the thread again."),
        "correction.begin" | "retraction.begin" | "report.correct" => By("Drop the correction."),
        "correction.abandon" => By("Begin a correction again."),
        "desk.create" => Stays("A desk stays. Remove its members if it is not needed."),
        "desk.edit" | "desk.licence" | "desk.sources" => By("Change the settings again."),
        "domain.warn" => By("Take the domain off the list."),
        "domain.unwarn" => By("Warn about the domain again."),
        "evidence.check" => {
            Stays("The words were looked for in a copy; edit them where they do not stand there.")
        }
        "feed.follow" => By("Stop following the feed."),
        "feed.end" => By("Follow the feed again."),
        "feed.look" | "intake.fetch" | "intake.refuse" | "intake.retry" => {
            Stays("The server looked, and says what it found.")
        }
        "finding.withdraw" => By("Say again that there is no claim, or mark one."),
        "guidelines.write" => By("Write the next version, with the words of before."),
        "intake.add" | "intake.restore" => By("Put it aside."),
        "intake.dismiss" => By("Bring it back."),
        "intake.take" => Stays("It became an article, which is kept as it was."),
        "judgement.agree" | "judgement.carry" | "judgement.split" => {
            Stays("It follows from what was judged, which nobody may change.")
        }
        "judgement.adjudicate" => By("Begin a correction once it is published."),
        "member.invite" => By("Withdraw the invitation."),
        "member.uninvite" => By("Invite the person again."),
        "member.join" => By("Remove the person from the desk."),
        "member.change_roles" | "member.remove" => By("Give the roles of before."),
        "outside.add" | "outside.restore" => By("Remove the copy."),
        "outside.remove" => By("Bring the copy back."),
        "outside.hand" => Stays("What an archive outside was given, it keeps by its own rules."),
        "outside.accept" | "outside.keep" | "outside.miss" => {
            Stays("An archive outside answered, and this says what.")
        }
        "place.draw" | "place.take" | "place.assign" => By("Give the place back."),
        "place.release" => By("Take or draw a place again."),
        "policy.adopt" => By("Adopt a policy like the one before."),
        "report.receive" => Stays("What readers send is kept and answered."),
        "report.look" | "report.answer" => By("Answer again; the reader sees both."),
        "report.withdraw" | "report.erase" => Stays("Only who sent it may send it again."),
        "round.begin" => By("Take the draft back; the next round begins anew."),
        "scale.create" | "scale.revise" => {
            By("Revise the scale; verdicts keep the version they were given on.")
        }
        "scale.choose" => By("Choose the scale of before."),
        "source.archive" => Stays("A copy that was kept stays."),
        "source.keep" => Stays(
            "A copy that was kept stays, so that what was cited can be read. Have it archived again for a newer one.",
        ),
        "source.look" | "source.miss" => By("Have it archived again."),
        "source.create" => By("Take its evidence away; nobody sees a source that nothing cites."),
        "source.suspect" => By("Say that the two are different documents."),
        "source.distinguish" => By("Merge the two after all."),
        "source.locate" => Stays("Where an address led is kept as it was found."),
        "training.create" | "training.restore" => By("Retire the exercise."),
        "training.retire" => By("Bring the exercise back."),
        "training.answer" => Stays("An answer to an exercise stays, with its explanation."),
        "assessment.give" => By("Give another one while the round is open; the earlier one is kept."),
        "assessment.replace" => By("Give the earlier judgement again while the round is open."),
        "verdict.distinguish" => By("Write the sentence anew while the draft is open."),
        "verdict.submit" => By("Take the draft back."),
        "verdict.withdraw" | "verdict.resume" | "verdict.return" => By("Ask for the review again."),
        "verdict.approve" | "verdict.publish" => By("Begin a correction."),
        "verdict.correct" => By("Correct it again."),
        "verdict.retract" => By("Judge the claim anew: a retraction can be corrected."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The kinds of changes that the source names: words parted by a dot, in quotes, behind no `event =`, which is the log's.
    fn named() -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap();
                for (at, _) in code.match_indices("record(") {
                    let call = code[at..].split(';').next().unwrap();
                    let literals = call.split('"').skip(1).step_by(2);
                    found.extend(literals.filter(|word| is_action(word)).map(str::to_owned));
                }
                let lines = code.lines().filter(|line| !line.contains("event = "));
                let words = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
                found.extend(words.filter(|word| is_known_kind(word)).map(str::to_owned));
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn is_action(word: &str) -> bool {
        word.split_once('.').is_some_and(|(entity, did)| {
            let is_word = |word: &str| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            };
            is_word(entity) && is_word(did)
        })
    }

    /// Whether it is about the same thing as a kind of change that is known.
    fn is_known_kind(word: &str) -> bool {
        const THINGS: [&str; 8] =
            ["appearance.", "article.", "claim.", "evidence.", "judgement.", "member.", "round.", "verdict."];
        is_action(word) && THINGS.iter().any(|thing| word.starts_with(thing))
    }

    #[test]
    fn every_kind_of_change_says_how_it_is_taken_back() {
        let named = named();
        assert!(named.len() > 60, "{named:?}");
        let unknown: Vec<_> = named.iter().filter(|action| back(action).is_none()).collect();
        assert!(unknown.is_empty(), "say in record/back.rs how these are taken back: {unknown:?}");
    }
}
