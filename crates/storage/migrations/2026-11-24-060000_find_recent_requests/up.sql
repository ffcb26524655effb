-- Finds the requests that were changed last, however many there are. No key: it is only walked from its start. Its price:
-- a change of a request, which moves its time, is an entry of two indexes.
CREATE INDEX annotation_requests_recent ON annotation_requests (updated_at DESC, id);
