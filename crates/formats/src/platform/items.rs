//! The tasks of a file of the platform, wherever the file or the responses of the platform's API put them.

use crate::error::shortened;
use crate::input::{Flag, Id, JsonInput, MemberNames, Name};
use crate::{ReadError, Remark, Report};
use struson::reader::ValueType;

/// Moves to the next task: the root, one a line, an element of a list, or in the `data` of a response of the API, which may
/// be a task, a list of tasks, or a page of them.
#[derive(Default)]
pub(super) struct PlatformItems<T> {
    is_started: bool,
    open: Vec<Open<T>>,
}

enum Open<T> {
    List,
    Object(Box<Object<T>>),
}

/// An object that is a task or a response with tasks: its members show which.
#[derive(Default)]
struct Object<T> {
    names: MemberNames,
    task: T,
    is_task: bool,
    is_response: bool,
    /// Whether `data` may have tasks.
    has_data: bool,
    code: Option<Id>,
    message: Name,
    success: Option<Flag>,
    /// How many tasks all pages have.
    count: Option<u64>,
    /// How many tasks were found in this page.
    tasks: u64,
}

impl<T: Default> PlatformItems<T> {
    pub(super) fn new() -> Self {
        Self { is_started: false, open: Vec::new() }
    }

    /// The next task; `take` takes each of its members.
    pub(super) fn next(
        &mut self,
        json: &mut JsonInput<'_>,
        report: &mut Report,
        mut take: impl FnMut(&mut T, &mut JsonInput<'_>, &str) -> Result<(), ReadError>,
    ) -> Result<Option<T>, ReadError> {
        loop {
            let has_value = match self.open.last_mut() {
                None if self.is_started && !json.has_next()? => return Ok(None),
                None => true,
                Some(Open::List) => json.has_next()?,
                Some(Open::Object(object)) => object.goes_on_to_data(json, &mut take)?,
            };
            self.is_started = true;
            if has_value {
                self.enter(json)?;
            } else if let Some(task) = self.leave(json, report)? {
                return Ok(Some(task));
            }
        }
    }

    fn enter(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        let open = if json.peek()? == ValueType::Array {
            json.begin_array()?;
            Open::List
        } else {
            json.begin_object()?;
            Open::Object(Box::default())
        };
        self.open.push(open);
        Ok(())
    }

    /// Leaves a list or an object; the object may have been a task.
    fn leave(&mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<Option<T>, ReadError> {
        let Some(Open::Object(object)) = self.open.pop() else {
            json.end_array()?;
            if self.open.is_empty() {
                json.finish()?;
            }
            return Ok(None);
        };
        json.end_object()?;
        if !object.is_response() {
            let mut responses = self.open.iter_mut().rev();
            if let Some(Open::Object(response)) = responses.find(|open| matches!(open, Open::Object(_))) {
                response.tasks += 1;
            }
            return Ok(Some(object.task));
        }
        object.check(report).map_err(|reason| json.error(reason))?;
        Ok(None)
    }
}

impl<T> Object<T> {
    /// Whether the next value is the `data` of a response; otherwise the object has no further members.
    fn goes_on_to_data(
        &mut self,
        json: &mut JsonInput<'_>,
        take: &mut impl FnMut(&mut T, &mut JsonInput<'_>, &str) -> Result<(), ReadError>,
    ) -> Result<bool, ReadError> {
        while json.has_next()? {
            let name = json.name()?;
            self.names.insert(json, &name)?;
            self.is_task |= name == "taskId" || name == "taskParams";
            let is_tree = matches!(json.peek()?, ValueType::Array | ValueType::Object);
            match name.as_str() {
                "data" if !self.is_task => {
                    (self.is_response, self.has_data) = (true, is_tree);
                    if is_tree {
                        return Ok(true);
                    }
                    json.skip()?;
                }
                "code" if !is_tree => self.code = Some(json.element()?),
                "message" if !is_tree => self.message = json.element()?,
                "success" if !is_tree => self.success = Some(json.element()?),
                "count" if !is_tree => self.count = json.element()?,
                other => take(&mut self.task, json, other)?,
            }
        }
        if self.is_response && self.is_task {
            return Err(json.error("a task beside the `data` of a response"));
        }
        Ok(false)
    }

    /// A response that is no success may have no `data`.
    fn is_response(&self) -> bool {
        self.is_response || self.code.is_some() && !self.is_task
    }

    /// The error is the reason why a response cannot have all its tasks.
    fn check(&self, report: &mut Report) -> Result<(), String> {
        let is_refused = self.success.is_some_and(|Flag(success)| !success);
        if is_refused || !self.has_data && self.count != Some(0) {
            let code = self.code.as_ref().map_or("", |Id(code)| code.as_str());
            let (code, message) = (shortened(code), shortened(&self.message.0));
            return Err(format!("the response of the platform has no tasks: code `{code}`, message `{message}`"));
        }
        report.add(Remark::OtherPage, self.count.unwrap_or_default().saturating_sub(self.tasks));
        Ok(())
    }
}
