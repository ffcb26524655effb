-- To list requests in the order of their changes, from any place on: a row comparison walks an index only where all of its
-- columns have one direction. No keys. A change of a request, which moves its time, is an entry of each.
CREATE INDEX annotation_requests_changed ON annotation_requests (updated_at, id);
CREATE INDEX annotation_requests_of_campaign ON annotation_requests (campaign_id, updated_at, id);

-- The first of them does what this one did: servers of the version before sort what has one time, and read no more.
DROP INDEX annotation_requests_recent;

-- To find the requests that have a task.
CREATE INDEX statistics_task ON statistics (task_id, annotation_request_id);

-- The same by what it was made of. The tasks of one request are found by it, too, as all but the position is given.
CREATE INDEX statistics_named_task ON statistics (source_name, annotation_request_id, position)
WHERE source_name IS NOT NULL;

DROP INDEX statistics_source_name;
