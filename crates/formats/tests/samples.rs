//! Small files of every format that have what makes the formats hard.

use annotation_statistics_formats::Format;

/// Annotations before images and categories, a crowd, an image without annotations, a panoptic annotation, a caption.
pub(crate) const COCO: &str = r#"{"info":{"year":2014},"annotations":[
 {"id":1,"image_id":40,"category_id":1,"bbox":[0,0,1,2],"iscrowd":0,"attributes":{"x":1,"y":"","z":false,"n":null}},
 {"id":2,"image_id":40,"category_id":2,"segmentation":{"counts":[0,20],"size":[4,5]},"iscrowd":1},
 {"id":3,"image_id":9,"category_id":1},
 {"id":4,"image_id":9,"caption":"two dogs"},
 {"image_id":9,"file_name":"9.png","segments_info":[{"id":7,"category_id":2,"iscrowd":0},{"id":8,"category_id":2}]}],
 "images":[{"id":40,"file_name":"b.jpg"},{"id":9},{"id":5}],
 "categories":[{"id":1,"name":"dog","supercategory":""},{"id":2,"name":"grass"}]}"#;

/// A region of shape, label and choices; several labels; a cancelled annotation; a video; drafts and predictions.
pub(crate) const LABEL_STUDIO: &str = r#"[
 {"id":1,"data":{"image":"a.jpg"},"drafts":[{"id":3}],"predictions":[{"result":[{"id":"p"}]},{}],"annotations":[
  {"id":10,"result":[
   {"id":"r1","type":"rectangle","from_name":"box","value":{"x":1.5,"y":2,"width":3,"height":4}},
   {"id":"r1","type":"labels","from_name":"label","value":{"labels":["Car","Van"],"x":1.5}},
   {"id":"r1","type":"choices","from_name":"color","value":{"choices":["red","blue"],"x":1.5}},
   {"id":"r2","type":"polygon","from_name":"poly","value":{"points":[[1,2]]}},
   {"id":"r3","type":"labels","from_name":"ner","value":{"start":0,"end":4,"text":"Rome","labels":["City"]}},
   {"id":"t1","type":"textarea","from_name":"note","value":{"text":["hello"]}},
   {"id":"t2","type":"textarea","from_name":"empty","value":{"text":[]}},
   {"id":"t3","type":"rating","from_name":"stars","value":{"rating":0}},
   {"from_id":"r1","to_id":"r2","type":"relation","direction":"right"}],"was_cancelled":false},
  {"id":11,"was_cancelled":true,"result":[{"id":"r9","type":"rectanglelabels","value":{"rectanglelabels":["Car"]}}]}]},
 {"id":2,"data":{"video":"a.mp4"},"annotations":[{"result":[
  {"id":"v1","type":"videorectangle","from_name":"v","value":{"framesCount":100,"duration":4.0,"labels":["Man"],
   "sequence":[{"frame":50,"enabled":true,"x":1},{"frame":11,"enabled":true},{"frame":20,"enabled":false}]}}]}]}]"#;

/// A box with attributes and without, a tag, a skeleton, an image without shapes.
pub(crate) const CVAT_IMAGES: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><id>5</id><size>2</size><mode>annotation</mode><labels>
<label><name>car</name><attributes><attribute><name>color</name></attribute></attributes></label>
<label><name>person &amp; dog</name></label><label><name>night</name></label></labels></task></meta>
<image id="0" name="a.jpg" width="8" height="8">
 <box label="car" source="manual" occluded="1" xtl="0" ytl="2" xbr="4" ybr="4" z_order="1">
  <attribute name="color">red</attribute><attribute name="plate"></attribute></box>
 <box label="car" xtl="0" ytl="2" xbr="4" ybr="4"/>
 <tag label="night" source="manual"></tag>
 <skeleton label="person &amp; dog"><points label="eye" points="1,2"><attribute name="x">1</attribute></points>
  <points label="nose" points="1,2"/><attribute name="age"><![CDATA[a<b]]></attribute></skeleton></image>
<image id="1" name="b.jpg" width="8" height="8"/></annotations>"#;

/// Every third frame of 10 to 19, so four frames; a track that goes and one that stays, an interpolated shape.
pub(crate) const CVAT_VIDEO: &str = r#"<annotations><version>1.1</version><meta><task><id>6</id><size></size>
<mode>interpolation</mode><start_frame>10</start_frame><stop_frame>19</stop_frame><frame_filter>step=3</frame_filter>
</task></meta>
<track id="0" label="car"><box frame="10" outside="0" keyframe="1"/><box frame="16" outside="1" keyframe="1"/></track>
<track id="1" label="van"><box frame="13" outside="0" keyframe="1"><attribute name="color">red</attribute></box>
<box frame="16" outside="0" keyframe="0"><attribute name="color">red</attribute></box></track>
<track id="2" label="pose"><skeleton frame="13" keyframe="1"><points label="a" outside="0"/></skeleton>
<skeleton frame="16" keyframe="1"><points label="a" outside="1"/></skeleton></track></annotations>"#;

/// Frames before objects; data of a frame and of the object itself; an object that no frame lists.
pub(crate) const OPENLABEL: &str = r#"{"openlabel":{"metadata":{"schema_version":"1.0.0"},
 "frames":{"0":{"objects":{"1":{"object_data":{
   "bbox":[{"name":"left","val":[1,2,3,4],"attributes":{"text":[{"name":"color","val":"red"}],"boolean":[]}},
           {"name":"right","val":[1,2,3,4],"attributes":{"text":[{"name":"color","val":"red"}]}}],
   "num":[{"name":"speed","val":4.0}],"vec":[{"name":"pos","val":[1]},
           {"name":"points","val":[1],"coordinate_system":"lidar","attributes":{"vec":[{"name":"near","val":[]}]}}]}},
   "2":{}}},"1":{"objects":{"1":{"object_data":{"bbox":[{"name":"left","val":[1,2,3,4],"attributes":
   {"text":[{"name":"color","val":"red"}]}}]}}},"actions":{}}},
 "objects":{"1":{"name":"a","type":"Car","object_data_pointers":{"left":{"type":"bbox"}}},
  "2":{"name":"b","type":"Bus","object_data":{"text":[{"name":"plate","val":"X"}]}},
  "3":{"name":"c","type":"Car","frame_intervals":[{"frame_start":0,"frame_end":2}]}},
 "relations":{"0":{"type":"follows"}},"frame_intervals":[{"frame_start":0,"frame_end":2}]}}"#;

/// A tracked video, a lone frame of another video with one id twice, a frame without a video.
pub(crate) const SCALABEL: &str = r#"{"config":{},"frames":[
 {"name":"1","videoName":"v","frameIndex":0,"attributes":{"weather":"rainy"},"labels":[
  {"id":"a","category":"car","attributes":{"occluded":false},"box2d":{"x1":0}},
  {"id":7,"category":"bus","attributes":{},"box2d":{"x1":0},"manualShape":false}]},
 {"name":"2","videoName":"v","frameIndex":1,"attributes":{"weather":"rainy"},"labels":[
  {"id":"a","category":"car","attributes":{"occluded":true,"lost":null},"box2d":{"x1":0}},
  {"id":"a","category":"car","attributes":{"occluded":true},"box2d":{"x1":0}}]},
 {"name":"1","videoName":"w","labels":[{"id":"a","category":"car","poly2d":[{}]},{"id":"a","category":"car"}]},
 {"name":"x.jpg","attributes":{"scene":"city"},"labels":[{"id":"0","box3d":{"x":1}}]},
 {"name":"y.jpg","labels":null}]}"#;

/// Bare classifications, a box, a mask without a label, a skeleton, features.
pub(crate) const DATUMARO: &str = r#"{"infos":{},"categories":{"label":{"labels":[{"name":"car"},{"name":"tom"}]},
 "points":{"items":[]}},"items":[
 {"id":"a","annotations":[{"id":0,"type":"label","attributes":{"score":1.0,"none":""},"label_id":1},
  {"id":1,"type":"bbox","label_id":0,"attributes":{"color":"red"},"bbox":[1,2,3,4],"group":1},
  {"id":2,"type":"mask","label_id":null,"rle":{"counts":"x"}},
  {"id":3,"type":"skeleton","label_id":1,"elements":[{"type":"points","label_id":0}]},
  {"id":4,"type":"hash_key","hash_key":[1]}],"media":{"path":"a.jpg"}},
 {"id":"b","annotations":[]}]}"#;

/// A sequence of ten frames, two of them invalid; slots with and without children; nested inputs; hints.
pub(crate) const PLATFORM: &str = r#"[{"taskId":"300000000000000001","poolId":3,"status":11,
 "result":{"annotations":[
  {"id":"1","type":"slot","key":"car","slots":[
   {"id":"s1","timeSeries":{"10":{"type":"disappear"},"9":{"type":"appear"},"1":{"type":"appear"}}},
   {"id":"s2","timeSeries":{"4":{"type":"disappear"},"2":{"type":"appear"}},"isProjection":true},{"id":"s3"}]},
  {"id":"2","type":"slotChildren","slotsChildren":[{"slot":{"id":"s4"},"children":[
    {"type":"input","key":"color","input":{"type":"select","value":["red","blue"]}},
    {"type":"input","key":"note","input":{"type":"text","value":""}}]}],"key":"van"},
  {"id":"3","type":"childrenOnly","key":"group","childrenOnly":[{"id":"g","children":[
    {"type":"slot","key":"wheel","slots":[{"id":"s5"},{"id":"s6"}]},
    {"type":"input","key":"ok","input":{"type":"switch","value":false}}]}]}],
  "hints":[{"id":"h"}],"metadata":{"invalidFrame":[3,"7"]}},
 "taskParams":{"operators":[{"key":"car","type":"slot"}],"record":{"attachmentType":"IMAGE_SET_SEQUENCE",
  "attachment":[["u"],["u"],["u"],["u"],["u"],["u"],["u"],["u"],["u"],["u"]],
  "metadata":{"preprocessedData":[{},{}]}}}},
 {"taskId":2,"taskParams":{"record":{"attachmentType":"IMAGE_SEQUENCE","attachment":[{"url":"a"},{"url":"b"}]}},
 "result":{"annotations":[],"metadata":null}},
 {"taskId":3,"taskParams":{"record":{"attachmentType":"IMAGE","attachment":"u"}},"result":null}]"#;

/// Every sample with its format.
pub(crate) const ALL: [(Format, &str); 8] = [
    (Format::Coco, COCO),
    (Format::LabelStudio, LABEL_STUDIO),
    (Format::Cvat, CVAT_IMAGES),
    (Format::Cvat, CVAT_VIDEO),
    (Format::OpenLabel, OPENLABEL),
    (Format::Scalabel, SCALABEL),
    (Format::Datumaro, DATUMARO),
    (Format::Platform, PLATFORM),
];
