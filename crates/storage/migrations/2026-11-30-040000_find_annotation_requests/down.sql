CREATE INDEX statistics_source_name ON statistics (annotation_request_id, source_name, position)
WHERE source_name IS NOT NULL;
DROP INDEX statistics_named_task;
DROP INDEX statistics_task;
CREATE INDEX annotation_requests_recent ON annotation_requests (updated_at DESC, id);
DROP INDEX annotation_requests_of_campaign;
DROP INDEX annotation_requests_changed;
