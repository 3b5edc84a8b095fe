//! Personal data and secrets in `[identity_metadata]`.

use std::ops::Range;

use claim_mapping::{
    ClaimPath, ClaimReference, JsonTemplate, JsonTemplateValue, PathStep, Transform,
};
use toml::de::DeTable;

use super::places::{Node, member};
use super::{LintKind, Lints};
use crate::structure::placeholders;

/// How the names of personal data end.
const PERSONAL: [&str; 38] = [
    "address",
    "avatar",
    "birthdate",
    "birthday",
    "dateofbirth",
    "displayname",
    "dob",
    "email",
    "emails",
    "familyname",
    "firstname",
    "fullname",
    "gender",
    "givenname",
    "iban",
    "ip",
    "ipaddr",
    "lastname",
    "mail",
    "middlename",
    "mobile",
    "nationalid",
    "nickname",
    "passport",
    "passportnumber",
    "phone",
    "phonenumber",
    "photo",
    "picture",
    "postcode",
    "preferredusername",
    "socialsecuritynumber",
    "ssn",
    "street",
    "surname",
    "telephone",
    "upn",
    "username",
];

/// How the names of secrets end.
const SECRET: [&str; 17] = [
    "accesskey",
    "apikey",
    "cookie",
    "credential",
    "credentials",
    "encryptionkey",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "sharedkey",
    "signingkey",
    "token",
];

/// Names that mean something else when they are only part of one, such as `store_name`.
const PERSONAL_ALONE: [&str; 1] = ["name"];
const SECRET_ALONE: [&str; 3] = ["key", "otp", "pin"];

/// A warning that is to be given.
struct Exposed {
    kind: LintKind,
    span: Range<usize>,
    name: String,
}

impl Lints<'_> {
    pub(super) fn find_metadata(&mut self) {
        let mut exposed = Vec::new();
        let metadata = self.places.member(&["identity_metadata"]);
        let table = metadata.and_then(|metadata| metadata.value.get_ref().as_table());
        find_in_table(&self.rules.identity_metadata, table, &mut exposed);
        for Exposed { kind, span, name } in exposed {
            let (what, hint) = if kind == LintKind::MetadataSecret {
                ("a secret", "remove it; what only this user's app needs stands in `[client_info]`")
            } else {
                (
                    "personal data",
                    "hand it to the user's own app in `[client_info]`, or leave it out",
                )
            };
            let message = format!("`{name}` looks like {what}: every peer in the mesh sees it");
            self.warn(kind, span, message, Some(hint.to_owned()));
        }
    }
}

fn find_in_table(table: &JsonTemplate, places: Option<&DeTable<'_>>, exposed: &mut Vec<Exposed>) {
    for (name, value) in table {
        let place = places.and_then(|places| member(places, name));
        let kind = kind_of(name, true);
        if let (Some(kind), Some(place)) = (kind, &place) {
            exposed.push(Exposed { kind, span: place.name.clone(), name: name.clone() });
        } else {
            find_in_value(value, place.map(|place| place.value), exposed);
        }
    }
}

fn find_in_value(value: &JsonTemplateValue, place: Option<&Node<'_>>, exposed: &mut Vec<Exposed>) {
    match value {
        JsonTemplateValue::Fixed(_) => {}
        JsonTemplateValue::Filled { template, span } => {
            let claim =
                placeholders(template).find_map(|claim| Some((claim, kind_of_claim(claim)?)));
            if let Some((claim, kind)) = claim {
                exposed.push(Exposed { kind, span: span.clone(), name: claim.path.to_string() });
            }
        }
        JsonTemplateValue::List(items) => {
            let places = place.and_then(|place| place.get_ref().as_array());
            for (index, item) in items.iter().enumerate() {
                find_in_value(item, places.and_then(|places| places.get(index)), exposed);
            }
        }
        JsonTemplateValue::Table(table) => {
            find_in_table(table, place.and_then(|place| place.get_ref().as_table()), exposed);
        }
    }
}

/// What a claim looks like by its name. What a table makes of it is no longer the claim itself.
fn kind_of_claim(claim: &ClaimReference) -> Option<LintKind> {
    let is_mapped = claim.transforms.iter().any(|made| matches!(made, Transform::Map { .. }));
    let ClaimPath::Claim { name, below } = &claim.path else { return None };
    if is_mapped {
        return None;
    }
    let members = below.iter().filter_map(|step| match step {
        PathStep::Member(name) => Some(name),
        PathStep::Item(_) => None,
    });
    kind_of(name, true).or_else(|| members.into_iter().find_map(|name| kind_of(name, false)))
}

/// What a name looks like. `stands_alone` is for what is no member of something else.
fn kind_of(name: &str, stands_alone: bool) -> Option<LintKind> {
    let words = words(name);
    let ends_so = |names: &[&str]| {
        (0..words.len()).any(|from| {
            let end = words.iter().skip(from).map(String::as_str).collect::<String>();
            names.contains(&end.as_str())
        })
    };
    let is_so = |names: &[&str]| {
        stands_alone && matches!(words.as_slice(), [word] if names.contains(&word.as_str()))
    };
    if ends_so(&SECRET) || is_so(&SECRET_ALONE) {
        Some(LintKind::MetadataSecret)
    } else if ends_so(&PERSONAL) || is_so(&PERSONAL_ALONE) {
        Some(LintKind::MetadataPersonal)
    } else {
        None
    }
}

/// `givenName`, `given_name` and `https://example.com/given-name` all end in `given` and `name`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.rsplit('/').next().unwrap_or_default().chars() {
        let starts_word = character.is_uppercase() && was_lower;
        was_lower = character.is_lowercase() || character.is_numeric();
        if starts_word || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
