DROP TABLE request_items;
