ALTER TABLE annotation_requests DROP COLUMN counting_rule;
