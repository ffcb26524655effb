DELETE FROM item_group_totals;

UPDATE annotation_requests SET summed_revision = -1;
