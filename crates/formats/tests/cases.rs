//! What each format counts, case by case.

mod coco;
mod cvat;
mod cvat_appearances;
mod datumaro;
mod found_operators;
mod label_studio;
mod label_studio_people;
mod label_studio_tasks;
mod openlabel;
mod platform;
mod scalabel;
mod variants;
