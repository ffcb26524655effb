//! What was counted wrongly in CVAT files that people have.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Keyframes, Objects};
use annotation_statistics_formats::{ReadOptions, TaskIds, read};

/// The start of a file for video of ten frames.
pub(super) const TEN_FRAMES: &str = "<annotations><version>1.1</version><meta><task><id>7</id><name>street</name><size>10</size>\
    <mode>interpolation</mode><start_frame>0</start_frame><stop_frame>9</stop_frame><frame_filter></frame_filter></task></meta>";

pub(super) fn counted(file: &str, rule: CountingRule) -> Vec<String> {
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

/// What is said of a file by the rules `objects`, `appearances` and `keyframes`.
fn by_all_rules(file: &str) -> [Vec<String>; 3] {
    [Objects, Appearances, Keyframes].map(|rule| counted(file, rule))
}

/// The first line that is said of a file of ten frames, by all rules.
pub(super) fn of_ten_frames(tracks: &str) -> [String; 3] {
    by_all_rules(&format!("{TEN_FRAMES}{tracks}</annotations>")).map(|lines| lines.concat())
}

/// A track of boxes in frames, a frame followed by `k` for a keyframe, `o` for outside.
pub(super) fn track(label: &str, frames: &str) -> String {
    let boxes = frames.split_whitespace().map(|frame| {
        let number = frame.trim_end_matches(['k', 'o']);
        let [keyframe, outside] = ['k', 'o'].map(|mark| u8::from(frame.contains(mark)));
        format!("<box frame=\"{number}\" keyframe=\"{keyframe}\" outside=\"{outside}\" xtl=\"{number}\"/>\n")
    });
    format!("<track id=\"0\" label=\"{label}\">{}</track>", boxes.collect::<String>())
}

pub(super) const INVISIBLE: &str = "not counted: 1 tracks that are never visible";
#[test]
fn outside_and_keyframe_are_numbers_or_words() {
    let file = |outside: &str, keyframe: &str| {
        format!(
            "{TEN_FRAMES}<track label=\"car\"><box frame=\"0\" outside=\"0\"/><box frame=\"4\" outside=\"{outside}\" \
             keyframe=\"{keyframe}\"/></track></annotations>"
        )
    };
    for (outside, keyframe, cars) in [
        ("1", "1", 4),
        ("True", "True", 4),
        ("true", "TRUE", 4),
        (" 1 ", "true", 4),
        ("False", "1", 10),
        ("0", "true", 10),
        ("false", "False", 2),
        ("FALSE", "0", 2),
        ("0", "false", 2),
    ] {
        let said = counted(&file(outside, keyframe), Appearances);
        assert_eq!(said, [format!("7 (street) | car={cars} | | 10")], "{outside} {keyframe}");
    }
    for (outside, keyframe, expected) in [
        ("yes", "1", "`outside` is `yes`: it must be 1, 0, true or false"),
        ("", "1", "`outside` is ``: it must be 1, 0, true or false"),
        ("2", "1", "`outside` is `2`: it must be 1, 0, true or false"),
        ("0", "None", "`keyframe` is `None`: it must be 1, 0, true or false"),
    ] {
        let error = read_all(file(outside, keyframe).as_bytes(), None, Objects).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_frame_that_comes_twice_counts_once_where_both_shapes_are_equal() {
    let twice = "counted with a doubt: 1 shapes of a track that come twice and are equal: each counted once";
    let red = "<attribute name=\"color\">red</attribute>";
    let file = |first: &str, second: &str| {
        let shape = |rest| format!("<box frame=\"2\" {rest}</box>");
        format!(
            "{TEN_FRAMES}<track label=\"car\">{}{}<box frame=\"3\" keyframe=\"0\"/></track></annotations>",
            shape(first),
            shape(second)
        )
    };
    for (first, second, expected) in [
        ("xtl=\"1\" outside=\"0\">", "outside=\"False\" xtl=\"1\">", "7 (street) | car=2 | | 10"),
        ("outside=\"1\" xtl=\"1\">", "outside=\"1\" xtl=\"2\">", "7 (street) | car=1 | | 10"),
        (&format!(">{red}"), &format!("> {red} "), "7 (street) | car=2 | car/color=1 | 10"),
    ] {
        assert_eq!(counted(&file(first, second), Appearances), [expected, twice], "{first} {second}");
    }
    let blue = red.replace("red", "blue");
    for (first, second, reason) in [
        ("outside=\"0\">", "outside=\"1\">", "one is visible"),
        ("keyframe=\"0\">", "keyframe=\"1\">", "one was drawn"),
        ("xtl=\"1\">", "xtl=\"2\">", "they lie elsewhere"),
        (">", &format!(">{red}"), "one has an attribute"),
        (&format!(">{red}"), &format!(">{blue}"), "a value differs"),
        (&format!(">{red}"), &format!(">{}", red.replace("color", "kolor")), "a name differs"),
        ("><points label=\"a\" points=\"1,2\"/>", "><points label=\"a\" points=\"1,3\"/>", "an element differs"),
    ] {
        let error = read_all(file(first, second).as_bytes(), None, Objects).unwrap_err();
        assert!(error.contains("frame 2 of the track is given twice, with shapes that differ"), "{reason}: {error}");
    }
}

#[test]
fn a_tag_is_an_attribute_of_the_task() {
    let image = "<annotations><image id=\"3\" name=\"a.jpg\"><box label=\"car\" occluded=\"1\"/><box label=\"car\"/>\
        <tag label=\"night\"><attribute name=\"sure\">yes</attribute></tag></image></annotations>";
    for said in by_all_rules(image) {
        assert_eq!(said, ["3 (a.jpg) | car=2 | /night=1 night/sure=1 | 1"]);
    }
    let row = |frame, outside| format!("<tag frame=\"{frame}\" keyframe=\"1\" outside=\"{outside}\"/>");
    let tags = format!("<track label=\"night\">{}{}</track>", row(2, 0), row(5, 1));
    for (said, tags) in of_ten_frames(&tags).iter().zip([1, 3, 1]) {
        assert_eq!(*said, format!("7 (street) | | /night={tags} | 10"), "a track of tags");
    }
    for said in of_ten_frames(&format!("{}<tag label=\"night\" frame=\"4\"/>", track("car", "0k 1ko"))) {
        assert_eq!(said, "7 (street) | car=1 | /night=1 | 10", "a tag beside tracks");
    }
    let both = format!("{TEN_FRAMES}<track label=\"car\"><box frame=\"0\"/>{}</track></annotations>", row(2, 0));
    assert!(read_all(both.as_bytes(), None, Objects).unwrap_err().contains("a tag and a shape in one track"));
}

#[test]
fn labels_are_compared_without_the_blanks_around_them() {
    let meta = "<meta><task><labels><label><name> traffic light\n</name></label></labels></task></meta>";
    let image = format!(
        "<annotations>{meta}<image id=\"0\" name=\"a\"><box label=\"traffic light \"/><box label=\" traffic light\">\
         <attribute name=\"on \">1</attribute></box><tag label=\"traffic light&#10;\"/></image></annotations>"
    );
    assert_eq!(counted(&image, Objects), ["0 (a) | traffic light=2 | /traffic light=1 traffic light/on=1 | 1"]);
    let video = format!("<annotations>{meta}{}</annotations>", track("traffic light ", "0k"));
    let unknown = "counted with a doubt: 1 videos of unknown length: frames counted up to the last that is annotated";
    assert_eq!(counted(&video, Objects), ["file | traffic light=1 | | 1", unknown]);
    let error =
        read_all(image.replace("light &#10;", "x").replace("label=\" traffic", "label=\"x").as_bytes(), None, Objects);
    assert!(error.unwrap_err().contains("label `x light` is not in the file's `labels`"));
}

#[test]
fn a_shape_with_an_empty_label_counts_under_its_kind() {
    let meta = "<meta><task><labels><label><name>car</name></label></labels></task></meta>";
    let image = format!(
        "<annotations>{meta}<image id=\"0\" name=\"a\"><box label=\"car\"/><polyline label=\"\"/><box label=\" \">\
         <attribute name=\"on\">1</attribute></box><tag label=\"\"/></image></annotations>"
    );
    let doubt = |times| {
        format!("counted with a doubt: {times} instances without a label: counted under the kind of their shape")
    };
    for said in by_all_rules(&image) {
        assert_eq!(said, ["0 (a) | box=1 car=1 polyline=1 | /tag=1 box/on=1 | 1", &doubt(3)]);
    }
    for (said, boxes) in of_ten_frames(&track("", "0k 4ko")).iter().zip([1, 4, 1]) {
        assert_eq!(*said, format!("7 (street) | box={boxes} | | 10{}", doubt(1)));
    }
    for said in of_ten_frames("<track label=\"\"></track>") {
        assert_eq!(said, format!("7 (street) | | | 10{INVISIBLE}"), "what does not count has no doubt");
    }
}

#[test]
fn a_file_with_nothing_drawn_is_the_tasks_that_it_knows() {
    let file = |meta: &str| format!("<annotations><version>1.1</version>{meta}</annotations>");
    let task = "<task><id>7</id><name>t</name><size>25</size><mode>annotation</mode></task>";
    let range = "<job><id>8</id><start_frame>10</start_frame><stop_frame>19</stop_frame><frame_filter>step=3</frame_filter></job>";
    let unknown = "counted with a doubt: 1 videos of unknown length: frames counted up to the last that is annotated";
    for (meta, expected) in [
        (format!("<meta>{task}</meta>"), &["7 (t) | | | 25"][..]),
        (format!("<meta>{range}</meta>"), &["8 (file) | | | 4"]),
        ("<meta><task><size>5</size></task></meta>".to_owned(), &["file | | | 5"]),
        ("<meta><task><id>9</id></task></meta>".to_owned(), &["9 (file) | | | 0", unknown]),
        ("<meta><task><mode>interpolation</mode></task></meta>".to_owned(), &["file | | | 0", unknown]),
        (
            format!("<meta><project><tasks>{task}{}</tasks></project></meta>", task.replace('7', "12")),
            &["7 (t) | | | 25", "12 (t) | | | 25"],
        ),
        ("<meta><task><labels><label><name>car</name></label></labels></task></meta>".to_owned(), &[]),
        ("<meta></meta>".to_owned(), &[]),
        (String::new(), &[]),
    ] {
        for said in by_all_rules(&file(&meta)) {
            assert_eq!(said, expected, "{meta}");
        }
    }
}

#[test]
fn tasks_are_called_by_what_they_were_made_of() {
    let file = |meta: &str, rest: &str| format!("<annotations><meta>{meta}</meta>{rest}</annotations>");
    let image = "<image id=\"0\" name=\"frame_000000\"/>";
    let video =
        |rest: &str| format!("<task><id>5</id><name>t</name><size>4</size><mode>interpolation</mode>{rest}</task>");
    let source = "<source>v.mp4</source>";
    for (meta, rest, name) in [
        (video(source), "", "v.mp4"),
        (format!("{}{source}", video("")), "", "v.mp4"),
        (video(""), "", "t"),
        (video("").replace("<name>t</name>", ""), "", "file"),
        (video(source).replace("task>", "job>"), "", "v.mp4/5"),
        (video(source), image, "v.mp4/frame_000000"),
        (video(""), image, "frame_000000"),
        (video(source).replace("interpolation", "annotation"), image, "frame_000000"),
        (
            format!("<project><tasks>{}</tasks></project>", video(source)),
            "<image name=\"a\" task_id=\"5\" subset=\"s\"/>",
            "5/s/a",
        ),
    ] {
        let options = ReadOptions {
            source_name: Some("file".to_owned()),
            task_ids: TaskIds::OfSourceName,
            ..ReadOptions::default()
        };
        let file = file(&meta, rest);
        let tasks: Vec<_> = read(file.as_bytes(), &options).unwrap().map(Result::unwrap).collect();
        let names: Vec<_> = tasks.iter().map(|task| task.source_name.as_ref().unwrap().as_str()).collect();
        assert_eq!(names, [name], "{file}");
    }
}

#[test]
fn what_is_neither_a_shape_nor_a_tag_is_reported() {
    let other = |times| format!("not counted: {times} unknown XML elements: neither shapes nor tags");
    let image = "<annotations><note/><image id=\"0\" name=\"a\"><comment label=\"car\"><box label=\"car\"/></comment>\
        <box label=\"car\"><note/></box><attribute name=\"x\">1</attribute></image></annotations>";
    assert_eq!(counted(image, Objects), ["0 (a) | car=1 | | 1", &other(4)]);
    assert_eq!(
        of_ten_frames("<track label=\"car\"><note/><box frame=\"0\"/></track>")[0],
        format!("7 (street) | car=1 | | 10{}", other(1))
    );
    let outside = "<annotations><image id=\"0\" name=\"a\"><box label=\"car\" outside=\"True\"/></image></annotations>";
    let remark = "not counted: 1 shapes that are marked as outside: nothing is visible there";
    assert_eq!(counted(outside, Objects), ["0 (a) | | | 1", remark]);
}

#[test]
fn tracks_within_the_track_of_a_skeleton_are_its_elements() {
    let skeleton = "<track label=\"car\"><skeleton frame=\"0\" keyframe=\"1\"/><track label=\"wheel\"><points frame=\"0\"/></track>\
        <track label=\"wheel\"><points frame=\"0\"/><points frame=\"1\"/></track></track>";
    let remark = "not counted: 2 elements of skeletons and their attributes";
    assert_eq!(of_ten_frames(skeleton)[0], format!("7 (street) | car=1 | | 10{remark}"));
}

#[test]
fn errors_of_a_file_of_many_lines_have_the_line() {
    let file = "<annotations>\r\n <version>1.1</version>\n <meta><task><size>3</size></task>\n </meta>\n <track label=\"car\">\n\
        \x20 <box frame=\"0\"\n   xtl=\"1\"/>\n  <box frame=\"1\">\n   <attribute name=\"a\">\n   1\n   </attribute>\n  </box>\n </track>\n</annotations>\n";
    for (from, to, place) in [
        ("<version>1.1", "<version>2", "line 2, "),
        ("<size>3", "<size>x", "line 3, "),
        ("<size>3", "<size>\n\nx", "line 5, "),
        (" </meta>", " </mets>", "line 4, "),
        (" <track label=\"car\">", " <track>", "line 5, "),
        ("frame=\"0\"", "frame=\"x\"", "line 7, "),
        ("label=\"car\"", "label=\"&car;\"", "line 5, "),
        ("xtl=\"1\"", "xtl=1", "line 7, "),
        ("frame=\"1\"", "frame=\"0\"", "line 8, "),
        ("frame=\"1\"", "outside=\"?\" frame=\"1\"", "line 8, "),
        ("   1\n", "   &what;\n", "line 10, "),
        ("   </attribute>", "   </attributes>", "line 11, "),
        (" </track>", " <!-- -- > </track>", "line 13, "),
        ("</annotations>", "", "line 15, "),
        ("</annotations>", "</annotations>\n<x>", "line 15, "),
        ("</annotations>", "</annotations>\n<x/>", "line 15, "),
    ] {
        assert!(file.contains(from), "{from}");
        let error = read_all(file.replacen(from, to, 1).as_bytes(), None, Objects).unwrap_err();
        assert!(error.starts_with(place), "{from} -> {to}: {error}");
    }
    let late = file.replacen("</annotations>", " <meta></meta></annotations>", 1);
    assert!(read_all(late.as_bytes(), None, Objects).unwrap_err().contains("`meta` must come before"));
}
