-- The rule by which the instances of the request were counted, such as objects/1; null where nobody stated one.
ALTER TABLE annotation_requests
    ADD COLUMN counting_rule text CHECK (octet_length(counting_rule) BETWEEN 1 AND 64);
