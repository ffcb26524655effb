//! The operation items of a sheet, each held once.

use crate::sheet::numbers::unguarded;
use crate::{ItemNames, NamedItem};
use annotation_statistics_domain::OperationItemKey;
use std::collections::HashMap;

/// The most operation items of a sheet.
const MAX_ITEMS: usize = 10_000;

/// The keys behind the names of a sheet.
#[derive(Debug)]
pub(crate) struct Items<'n> {
    names: &'n ItemNames,
    /// Whether texts may have what keeps spreadsheets from running them.
    may_be_guarded: bool,
    keys: Vec<String>,
    /// Places by key, and by every name that the sheet uses.
    places: HashMap<Box<str>, u16>,
}

impl<'n> Items<'n> {
    pub(crate) fn new(names: &'n ItemNames, may_be_guarded: bool) -> Self {
        Self { names, may_be_guarded, keys: Vec::new(), places: HashMap::new() }
    }

    /// The place of the item of that name, from 0; a reason where the name cannot be used.
    pub(crate) fn place(&mut self, name: &str) -> Result<u16, String> {
        let name = self.meant(name);
        match self.places.get(name) {
            Some(place) => Ok(*place),
            None => self.add(name),
        }
    }

    /// A name without what is around it, unless a key has just that.
    fn meant<'a>(&self, name: &'a str) -> &'a str {
        let bare = if self.may_be_guarded { unguarded(name) } else { name };
        let meant = bare.trim();
        if meant.len() == name.len() {
            return name;
        }
        let is_key = |name: &&str| matches!(self.names.find(name), NamedItem::Key(_));
        [bare, meant, name].into_iter().find(is_key).unwrap_or(meant)
    }

    /// Whether it is a known key or label.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        !matches!(self.names.find(name.trim()), NamedItem::Unknown)
    }

    pub(crate) fn into_keys(self) -> Vec<String> {
        self.keys
    }

    fn add(&mut self, name: &str) -> Result<u16, String> {
        let key = match self.names.find(name) {
            NamedItem::Key(key) => key.to_owned(),
            NamedItem::Unknown => {
                OperationItemKey::new(name).map_err(|error| format!("an operation item {error}"))?.as_str().to_owned()
            }
            NamedItem::Ambiguous(keys) => {
                let keys = keys.join(", ");
                return Err(format!("\"{name}\" is the label of several operation items: write the key, of {keys}"));
            }
        };
        let place = match self.places.get(key.as_str()) {
            Some(place) => *place,
            None if self.keys.len() == MAX_ITEMS => {
                return Err(format!("has more than {MAX_ITEMS} operation items: split it"));
            }
            None => {
                let place = u16::try_from(self.keys.len()).unwrap_or(u16::MAX);
                self.places.insert(key.as_str().into(), place);
                self.keys.push(key);
                place
            }
        };
        self.places.insert(name.into(), place);
        Ok(place)
    }
}
