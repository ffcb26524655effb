//! Tasks of a small write, request by request: as each of them is sharded, a statement is about one (ADR 76).

use std::collections::HashMap;

/// The tasks of each request, in their order.
pub(super) fn by_request<T>(tasks: &[T], request: impl Fn(&T) -> &str) -> HashMap<&str, Vec<&T>> {
    let mut requests: HashMap<&str, Vec<&T>> = HashMap::new();
    for task in tasks {
        requests.entry(request(task)).or_default().push(task);
    }
    requests
}
