//! A comparison, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Change, Comparison, Direction, Subject};
use crate::generate::{SampleLogin, is_request_of_generated};
use crate::terminal::harmless;

impl Comparison {
    /// What people read.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for change in &self.changes {
            text.push_str(&change.text());
        }
        let tried = self.tried();
        // Writing to a String cannot fail.
        let _ = match self.changes.len() {
            0 => write!(text, "no difference found in {tried}"),
            1 => write!(text, "1 difference found in {tried}"),
            count => write!(text, "{count} differences found in {tried}"),
        };
        text.push_str("; others may differ, this is a search and no proof");
        harmless(&text)
    }

    fn tried(&self) -> String {
        let at_most = if self.is_cut_off { " (there would be more)" } else { "" };
        let personas = match self.personas {
            0 => String::new(),
            1 => "1 persona and ".to_owned(),
            count => format!("{count} personas and "),
        };
        format!("{personas}{} generated logins{at_most}", self.generated)
    }

    /// What programs read.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "changes": self.changes.iter().map(Change::json).collect::<Vec<_>>(),
            "logins": {
                "personas": self.personas,
                "generated": self.generated,
                "is_cut_off": self.is_cut_off,
            },
            "widens": self.widens(),
        })
    }
}

impl Change {
    fn text(&self) -> String {
        let mut text = self.headline();
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<9} {value}");
        };
        line("who", &self.who);
        if !self.personas.is_empty() {
            line("personas", &self.personas.join("; "));
        }
        for (name, texts) in [("before", &self.before), ("now", &self.after)] {
            if texts.is_empty() {
                line(name, "nothing");
            }
            texts.iter().enumerate().for_each(|(index, text)| {
                line(if index == 0 { name } else { "" }, text);
            });
        }
        self.document.iter().for_each(|document| line("document", &document.to_string()));
        line("example", &example_text(&self.example));
        text.push('\n');
        text
    }

    fn headline(&self) -> String {
        let what = match (&self.subject, self.direction) {
            (Subject::UserId, _) => {
                "becomes another user: loses their own documents, gains another's"
            }
            (_, Direction::Gain) if self.is_certain => "gained",
            (_, Direction::Gain) => "perhaps gained: made documents do not show it",
            (_, Direction::Change) => "changed",
            (_, Direction::Loss) if self.is_certain => "lost",
            (_, Direction::Loss) => "perhaps lost: made documents do not show it",
        };
        let sign = match self.direction {
            Direction::Gain => '+',
            Direction::Change => '~',
            Direction::Loss => '-',
        };
        let allowed = if self.is_allowed && self.widens() { " (allowed)" } else { "" };
        format!("{sign} {} {what}{allowed}\n", self.subject)
    }

    fn json(&self) -> Value {
        json!({
            "subject": self.subject.to_string(),
            "direction": match self.direction {
                Direction::Gain => "gain",
                Direction::Change => "change",
                Direction::Loss => "loss",
            },
            "certain": self.is_certain,
            "allowed": self.is_allowed,
            "who": self.who,
            "personas": self.personas,
            "logins": self.count,
            "before": self.before,
            "after": self.after,
            "document": self.document,
            "example": {
                "claims": self.example.claims,
                "provider": self.example.provider,
                "database_id": self.example.database_id,
                "token_life": self.example.remaining_life.as_secs(),
            },
        })
    }
}

/// The claims, and what else is not as usual.
fn example_text(login: &SampleLogin) -> String {
    let mut text = Value::Object(login.claims.clone()).to_string();
    if !is_request_of_generated(login) {
        let (provider, database_id) = (&login.provider, &login.database_id);
        let _ = write!(text, " at provider {provider}, database {database_id}");
    }
    text
}
