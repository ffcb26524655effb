//! The elements of a JSON file that are tasks, one after the other.

use crate::ReadError;
use crate::input::json::json_input::{JsonInput, MemberNames};
use struson::reader::ValueType;

/// Moves to the next element that is a task, wherever the layout of the file puts them.
pub(crate) struct JsonItems {
    /// The member of a root object that has the tasks; `None` where a root object is a task itself.
    member: Option<&'static str>,
    state: State,
    names: MemberNames,
    found: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Values,
    RootArray,
    RootObject,
    MemberArray,
    Ended,
}

impl JsonItems {
    pub(crate) fn new(member: Option<&'static str>) -> Self {
        Self { member, state: State::Start, names: MemberNames::default(), found: false }
    }

    /// Whether there is a further task, which is the next value then. `other` takes the other members of a root
    /// object.
    pub(crate) fn advance(
        &mut self,
        json: &mut JsonInput<'_>,
        mut other: impl FnMut(&mut JsonInput<'_>, &str) -> Result<(), ReadError>,
    ) -> Result<bool, ReadError> {
        loop {
            let is_at_task = match self.state {
                State::Start => self.start(json)?,
                State::Values => json.has_next()? || self.end(),
                State::RootArray | State::MemberArray => json.has_next()? || self.leave_array(json)?,
                State::RootObject => self.next_member(json, &mut other)?,
                State::Ended => return Ok(false),
            };
            if is_at_task {
                return Ok(true);
            }
        }
    }

    fn start(&mut self, json: &mut JsonInput<'_>) -> Result<bool, ReadError> {
        let kind = json.peek()?;
        if kind == ValueType::Array {
            json.begin_array()?;
            self.state = State::RootArray;
        } else if self.member.is_some() {
            json.begin_object()?;
            self.state = State::RootObject;
        } else {
            self.state = State::Values;
            return Ok(true);
        }
        Ok(false)
    }

    fn end(&mut self) -> bool {
        self.state = State::Ended;
        false
    }

    fn leave_array(&mut self, json: &mut JsonInput<'_>) -> Result<bool, ReadError> {
        json.end_array()?;
        if self.state == State::MemberArray {
            self.state = State::RootObject;
        } else {
            json.finish()?;
            self.end();
        }
        Ok(false)
    }

    fn next_member(
        &mut self,
        json: &mut JsonInput<'_>,
        other: &mut impl FnMut(&mut JsonInput<'_>, &str) -> Result<(), ReadError>,
    ) -> Result<bool, ReadError> {
        if !json.has_next()? {
            if let Some(member) = self.member.filter(|_| !self.found) {
                return Err(json.error(format!("`{member}` is missing")));
            }
            json.end_object()?;
            json.finish()?;
            return Ok(self.end());
        }
        let name = json.name()?;
        self.names.insert(json, &name)?;
        if self.member == Some(name.as_str()) {
            json.begin_array()?;
            self.found = true;
            self.state = State::MemberArray;
        } else {
            other(json, &name)?;
        }
        Ok(false)
    }
}
