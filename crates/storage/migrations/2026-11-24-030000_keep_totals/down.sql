DROP TABLE operation_item_totals;
DROP TABLE statistics_totals;
