ALTER TABLE annotation_requests DROP COLUMN summed_revision;

DROP TABLE item_group_totals;
