//! Files as the tools write them, with as much geometry as theirs have.

use std::io::{Result, Write};

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// A coordinate of an image, with so many digits behind the point.
    fn coordinate(&mut self, digits: usize) -> String {
        let (whole, fraction) = (self.below(1_280), self.below(1_000_000_000).to_string().repeat(2));
        format!("{whole}.{}", fraction.get(..digits).unwrap_or("5"))
    }

    fn coordinates(&mut self, number: u64, digits: usize) -> Vec<String> {
        (0..number).map(|_| self.coordinate(digits)).collect()
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let index = usize::try_from(self.below(u64::try_from(words.len()).unwrap_or(1)));
        words.get(index.unwrap_or_default()).copied().unwrap_or_default()
    }
}

const LABELS: [&str; 5] = ["car", "bus", "pedestrian", "traffic light", "bicycle"];
const COLORS: [&str; 3] = ["red", "blue", "silver grey"];
const FLAGS: [&str; 2] = ["true", "false"];

/// Writes a list, each element by `each`.
fn list(
    out: &mut impl Write,
    number: u64,
    separator: &str,
    mut each: impl FnMut(&mut Vec<u8>, u64) -> Result<()>,
) -> Result<()> {
    let mut element = Vec::new();
    for index in 0..number {
        element.clear();
        each(&mut element, index)?;
        out.write_all(if index == 0 { b"" } else { separator.as_bytes() })?;
        out.write_all(&element)?;
    }
    Ok(())
}

/// Images with three or four annotations each, as the export of CVAT has them.
pub(crate) fn coco(out: &mut impl Write, images: u64) -> Result<()> {
    let mut numbers = Numbers(1);
    out.write_all(b"{\"info\":{\"year\":2024},\"licenses\":[],\"categories\":[")?;
    list(out, 5, ",", |out, id| {
        let name = LABELS.get(usize::try_from(id).unwrap_or_default()).unwrap_or(&"");
        write!(out, r#"{{"id":{id},"name":"{name}","supercategory":""}}"#)
    })?;
    out.write_all(b"],\"images\":[")?;
    list(out, images, ",", |out, id| {
        write!(
            out,
            r#"{{"id":{id},"width":1280,"height":720,"file_name":"day/{id:012}.jpg","license":0,"date_captured":0}}"#
        )
    })?;
    out.write_all(b"],\"annotations\":[")?;
    list(out, images * 16 / 5, ",", |out, id| {
        let corners = 12 + numbers.below(24);
        let polygon = numbers.coordinates(2 * corners, 2).join(",");
        let bounds = numbers.coordinates(4, 2).join(",");
        let (area, category) = (numbers.coordinate(4), numbers.below(5));
        let (image, hidden, color) = (id * 5 / 16, numbers.one_of(&FLAGS), numbers.one_of(&COLORS));
        write!(
            out,
            r#"{{"id":{id},"image_id":{image},"category_id":{category},"segmentation":[[{polygon}]],"area":{area},"bbox":[{bounds}],"iscrowd":0,"attributes":{{"truncated":{hidden},"color":"{color}"}}}}"#
        )
    })?;
    out.write_all(b"]}")
}

/// Tasks with twelve boxes each, every third of which has a colour.
pub(crate) fn label_studio(out: &mut impl Write, tasks: u64) -> Result<()> {
    let mut numbers = Numbers(2);
    out.write_all(b"[")?;
    list(out, tasks, ",", |out, task| {
        write!(out, r#"{{"id":{task},"annotations":[{{"id":{task},"completed_by":1,"result":["#)?;
        list(out, 16, ",", |out, entry| {
            let place = numbers.coordinates(4, 15);
            let [x, y, width, height] = place.as_slice() else { return Ok(()) };
            let region = entry * 3 / 4;
            let (kind, value) = if entry > 0 && entry * 3 / 4 == (entry - 1) * 3 / 4 {
                ("choices", format!(r#""choices":["{}"]"#, numbers.one_of(&COLORS)))
            } else {
                ("rectanglelabels", format!(r#""rectanglelabels":["{}"]"#, numbers.one_of(&LABELS)))
            };
            write!(
                out,
                r#"{{"original_width":1280,"original_height":720,"image_rotation":0,"value":{{"x":{x},"y":{y},"width":{width},"height":{height},"rotation":0,{value}}},"id":"r{task:06}_{region}","from_name":"{kind}","to_name":"image","type":"{kind}","origin":"manual"}}"#
            )
        })?;
        write!(
            out,
            r#"],"was_cancelled":false,"ground_truth":false,"created_at":"2024-02-26T13:57:59.132011Z","updated_at":"2024-02-26T13:57:59.132029Z","lead_time":{},"prediction":{{}},"result_count":0,"unique_id":"7eaba4a9-5ddf-4f1d-a65d-2d3ed3ee5bd8","import_id":null,"last_action":null,"task":{task},"project":3,"updated_by":1}}],"file_upload":"{task:08}.jpg","drafts":[],"predictions":[],"data":{{"image":"\/data\/upload\/3\/{task:08}.jpg"}},"meta":{{}},"created_at":"2024-02-26T13:50:28.116211Z","total_annotations":1}}"#,
            numbers.coordinate(3)
        )
    })?;
    out.write_all(b"]")
}

/// Images with eight shapes each, with two attributes each.
pub(crate) fn cvat_images(out: &mut impl Write, images: u64) -> Result<()> {
    let mut numbers = Numbers(3);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n  <meta/>\n")?;
    list(out, images, "\n", |out, image| {
        writeln!(out, r#"  <image id="{image}" name="day/{image:08}.jpg" width="1280" height="720">"#)?;
        list(out, 8, "\n", |out, shape| {
            let label = numbers.one_of(&LABELS);
            if shape % 2 == 0 {
                let place = numbers.coordinates(4, 2);
                let [left, top, right, bottom] = place.as_slice() else { return Ok(()) };
                writeln!(
                    out,
                    r#"    <box label="{label}" source="manual" occluded="0" xtl="{left}" ytl="{top}" xbr="{right}" ybr="{bottom}" z_order="0">"#
                )?;
            } else {
                let points: Vec<_> = (0..12 + numbers.below(12)).map(|_| numbers.coordinates(2, 2).join(",")).collect();
                let points = points.join(";");
                writeln!(
                    out,
                    r#"    <polygon label="{label}" source="manual" occluded="0" points="{points}" z_order="0">"#
                )?;
            }
            cvat_attributes(out, &mut numbers)?;
            write!(out, "    </{}>", if shape % 2 == 0 { "box" } else { "polygon" })
        })?;
        out.write_all(b"\n  </image>")
    })?;
    out.write_all(b"\n</annotations>\n")
}

fn cvat_attributes(out: &mut impl Write, numbers: &mut Numbers) -> Result<()> {
    let (color, parked) = (numbers.one_of(&COLORS), numbers.one_of(&FLAGS));
    writeln!(out, r#"      <attribute name="color">{color}</attribute>"#)?;
    writeln!(out, r#"      <attribute name="parked">{parked}</attribute>"#)
}

/// Tracks of 60 frames each, as CVAT lists them.
pub(crate) fn cvat_video(out: &mut impl Write, tracks: u64) -> Result<()> {
    let mut numbers = Numbers(4);
    out.write_all(b"<annotations><version>1.1</version><meta><task><id>6</id><size>600</size></task></meta>\n")?;
    list(out, tracks, "\n", |out, track| {
        writeln!(out, r#"  <track id="{track}" label="{}" source="manual">"#, numbers.one_of(&LABELS))?;
        let first = numbers.below(500);
        list(out, 60, "\n", |out, index| {
            let (frame, outside, keyframe) = (first + index, u8::from(index == 59), u8::from(index % 10 == 0));
            let place = numbers.coordinates(4, 2);
            let [left, top, right, bottom] = place.as_slice() else { return Ok(()) };
            writeln!(
                out,
                r#"    <box frame="{frame}" keyframe="{keyframe}" outside="{outside}" occluded="0" xtl="{left}" ytl="{top}" xbr="{right}" ybr="{bottom}" z_order="0">"#
            )?;
            cvat_attributes(out, &mut numbers)?;
            out.write_all(b"    </box>")
        })?;
        out.write_all(b"\n  </track>")
    })?;
    out.write_all(b"\n</annotations>\n")
}

/// Frames with ten objects each, as the converter of KITTI writes them.
pub(crate) fn openlabel(out: &mut impl Write, frames: u64) -> Result<()> {
    let mut numbers = Numbers(5);
    out.write_all(b"{\"openlabel\":{\"metadata\":{\"schema_version\":\"1.0.0\"},\"frames\":{")?;
    list(out, frames, ",", |out, frame| {
        write!(out, r#""{frame}":{{"objects":{{"#)?;
        list(out, 10, ",", |out, object| {
            let (place, hidden) = (numbers.coordinates(4, 6).join(","), numbers.one_of(&FLAGS));
            let object = frame / 50 * 10 + object;
            write!(
                out,
                r#""{object}":{{"object_data":{{"bbox":[{{"name":"shape","val":[{place}],"coordinate_system":"CAM_LEFT","attributes":{{"boolean":[{{"name":"truncated","val":{hidden}}}],"num":[{{"name":"occluded","val":0}}]}}}}]}}}}"#
            )
        })?;
        write!(out, r#"}},"frame_properties":{{"timestamp":{frame}}}}}"#)
    })?;
    out.write_all(b"},\"objects\":{")?;
    list(out, frames.div_ceil(50) * 10, ",", |out, object| {
        let label = numbers.one_of(&LABELS);
        write!(out, r#""{object}":{{"name":"{label}{object}","type":"{label}","object_data_pointers":{{}}}}"#)
    })?;
    write!(out, r#"}},"frame_intervals":[{{"frame_start":0,"frame_end":{}}}]}}}}"#, frames.saturating_sub(1))
}

/// Frames with twelve boxes each, as BDD100K has them.
pub(crate) fn scalabel(out: &mut impl Write, frames: u64) -> Result<()> {
    let mut numbers = Numbers(6);
    out.write_all(b"[")?;
    list(out, frames, ", ", |out, frame| {
        write!(out, r#"{{"name": "b1c66a42-{frame:08}.jpg", "timestamp": 10000, "labels": ["#)?;
        list(out, 12, ", ", |out, label| {
            let place = numbers.coordinates(4, 13);
            let [x1, y1, x2, y2] = place.as_slice() else { return Ok(()) };
            let (category, occluded, truncated) =
                (numbers.one_of(&LABELS), numbers.one_of(&FLAGS), numbers.one_of(&FLAGS));
            write!(
                out,
                r#"{{"id": "{frame:08}-{label}", "category": "{category}", "attributes": {{"occluded": {occluded}, "truncated": {truncated}, "crowd": false}}, "box2d": {{"x1": {x1}, "x2": {x2}, "y1": {y1}, "y2": {y2}}}}}"#
            )
        })?;
        out.write_all(b"]}")
    })?;
    out.write_all(b"]")
}

/// Items with eight boxes and polygons each, as Datumaro writes them.
pub(crate) fn datumaro(out: &mut impl Write, items: u64) -> Result<()> {
    let mut numbers = Numbers(7);
    out.write_all(b"{\"infos\":{},\"categories\":{\"label\":{\"labels\":[")?;
    list(out, 5, ",", |out, label| {
        write!(
            out,
            r#"{{"name":"{}","parent":"","attributes":[]}}"#,
            LABELS.get(usize::try_from(label).unwrap_or_default()).unwrap_or(&"")
        )
    })?;
    out.write_all(b"],\"attributes\":[]}},\"items\":[")?;
    list(out, items, ",", |out, item| {
        write!(out, r#"{{"id":"day/{item:08}","annotations":["#)?;
        list(out, 8, ",", |out, id| {
            let (corners, label, color) = (12 + numbers.below(12), numbers.below(5), numbers.one_of(&COLORS));
            let points = numbers.coordinates(if id % 2 == 0 { 4 } else { 2 * corners }, 2).join(",");
            let (kind, place) = if id % 2 == 0 { ("bbox", "bbox") } else { ("polygon", "points") };
            write!(
                out,
                r#"{{"id":{id},"type":"{kind}","attributes":{{"occluded":false,"color":"{color}"}},"group":0,"label_id":{label},"{place}":[{points}],"z_order":0}}"#
            )
        })?;
        write!(out, r#"],"attr":{{"frame":{item}}},"image":{{"path":"{item:08}.jpg","size":[720,1280]}}}}"#)
    })?;
    out.write_all(b"]}")
}

/// Tasks with twelve slots each, every second of which has an input.
pub(crate) fn platform(out: &mut impl Write, tasks: u64) -> Result<()> {
    let mut numbers = Numbers(8);
    out.write_all(b"[")?;
    list(out, tasks, ",", |out, task| {
        write!(out, r#"{{"taskId":"{}","poolId":3,"status":11,"result":{{"annotations":["#, 300_000_000 + task)?;
        list(out, 2, ",", |out, annotation| {
            let (label, member) = (numbers.one_of(&LABELS), if annotation == 0 { "slots" } else { "slotsChildren" });
            write!(out, r#"{{"id":"{annotation}","type":"{member}","key":"{label}","{member}":["#)?;
            list(out, 6, ",", |out, id| {
                let points = numbers.coordinates(8, 12).join(",");
                let slot =
                    format!(r#"{{"id":"{task}-{id}","type":"polygon","vertices":[{points}],"timeSeries":null}}"#);
                if annotation == 0 {
                    return out.write_all(slot.as_bytes());
                }
                let color = numbers.one_of(&COLORS);
                write!(
                    out,
                    r#"{{"slot":{slot},"children":[{{"id":"c{id}","type":"input","key":"color","input":{{"type":"select","value":["{color}"]}}}}]}}"#
                )
            })?;
            out.write_all(b"]}")
        })?;
        write!(
            out,
            r#"],"metadata":{{}}}},"taskParams":{{"record":{{"attachmentType":"IMAGE","attachment":["https://example.com/{task:08}.jpg?sign=1"]}}}}}}"#
        )
    })?;
    out.write_all(b"]")
}
