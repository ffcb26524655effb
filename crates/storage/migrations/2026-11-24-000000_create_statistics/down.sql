DROP TABLE statistics;
DROP TABLE annotation_requests;
DROP FUNCTION instance_info_total(jsonb);
