//! The row of the public API: its nine fields by the names, and in the order, in which they are written.
//!
//! The table in this module is the one definition: responses, bodies, JSON Lines and the columns of exports follow it.
//! How a text is written in a table is here, too.

mod csv_text;
mod pieces;
mod write_json;

use crate::{CampaignId, Count, InstanceInfo, PoolName, PoolType, SourceName, Statistics, StatisticsParts};
use crate::{TaskId, TaskStatus};
pub use csv_text::{STARTS_OF_FORMULAS, csv_text};
use pieces::Pieces;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::borrow::Cow;
use std::{fmt, io};
use write_json::WriteJson;

/// What programs of Windows write in front of a text: accepted in front of each body and file, written on request.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The annotation request of a row, where rows of several requests are together.
pub const ANNOTATION_REQUEST_ID: &str = "annotationRequestId";
/// The counting rule of that annotation request.
pub const COUNTING_RULE: &str = "countingRule";
/// Which keys of `instanceInfo` are slots and which are inputs.
pub const ITEM_KINDS: &str = "itemKinds";
/// What the task was made of. It is read with a row, but is none of the nine fields that are written.
pub const SOURCE_NAME: &str = "sourceName";

macro_rules! row {
    ($($constant:ident = $name:literal => $field:ident: $type:ty,)+) => {
        $(
            #[doc = concat!("The name of [`", stringify!($field), "`](StatisticsParts::", stringify!($field), ").")]
            pub const $constant: &str = $name;
        )+

        /// The names of the nine fields, in the order in which they are written.
        pub const FIELDS: [&str; 9] = [$($constant),+];

        /// The fields of a row as far as they were read.
        #[derive(Debug, Default)]
        pub struct RowReader {
            source_name: Option<Option<SourceName>>,
            $($field: Option<$type>,)+
        }

        impl RowReader {
            /// Reads the value of the member `name`; one that is no field of a row is ignored.
            ///
            /// # Errors
            /// When the value is invalid, or the field was read before.
            pub fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut A) -> Result<(), A::Error> {
                match name {
                    $($constant => take_once(&mut self.$field, $constant, members),)+
                    SOURCE_NAME => take_once(&mut self.source_name, SOURCE_NAME, members),
                    _ => members.next_value::<IgnoredAny>().map(drop),
                }
            }

            /// The row.
            ///
            /// # Errors
            /// When a field is missing.
            pub fn finish<E: Error>(self) -> Result<StatisticsParts, E> {
                Ok(StatisticsParts {
                    source_name: self.source_name.flatten(),
                    $($field: self.$field.ok_or_else(|| E::missing_field($constant))?,)+
                })
            }
        }

        impl Serialize for Statistics {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut row = serializer.serialize_struct("Statistics", FIELDS.len())?;
                $(row.serialize_field($constant, &self.parts().$field)?;)+
                row.end()
            }
        }

        impl Statistics {
            /// Writes the nine fields as members of a JSON object, without its braces: the bytes that `serde_json` makes of
            /// them, several times as fast.
            ///
            /// # Errors
            /// Those of `out`.
            pub fn write_members(&self, out: &mut impl io::Write) -> io::Result<()> {
                let mut pieces = Pieces::new(out);
                self.push_members(&mut pieces)?;
                pieces.finish()
            }

            /// Writes the row as a JSON object.
            ///
            /// # Errors
            /// Those of `out`.
            pub fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
                let mut pieces = Pieces::new(out);
                pieces.push_array(b"{")?;
                self.push_members(&mut pieces)?;
                pieces.push_array(b"}")?;
                pieces.finish()
            }

            fn push_members(&self, out: &mut Pieces<'_, impl io::Write>) -> io::Result<()> {
                $({
                    const IS_FIRST: bool = matches!($name.as_bytes(), b"id");
                    const START: &str =
                        if IS_FIRST { concat!("\"", $name, "\":") } else { concat!(",\"", $name, "\":") };
                    if let Some(start) = START.as_bytes().first_chunk::<{ START.len() }>() {
                        out.push_array(start)?;
                    }
                    self.parts().$field.write_json(out)?;
                })+
                Ok(())
            }
        }
    };
}

row! {
    ID = "id" => id: TaskId,
    STATUS = "status" => status: TaskStatus,
    CAMPAIGN_ID = "campaignId" => campaign_id: CampaignId,
    POOL_NAME = "poolName" => pool_name: PoolName,
    POOL_TYPE = "poolType" => pool_type: PoolType,
    INSTANCE_INFO = "instanceInfo" => instance_info: InstanceInfo,
    INSTANCE_NUM = "instanceNum" => instance_num: Count,
    ATTRIBUTE_NUM = "attributeNum" => attribute_num: Count,
    FRAME_NUM = "frameNum" => frame_num: Count,
}

/// Gives the name of each member of an object to `take`, which reads its value.
///
/// # Errors
/// Those of the input and of `take`.
pub fn each_member<'de, A: MapAccess<'de>>(
    mut members: A,
    mut take: impl FnMut(&str, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    while let Some(MemberName(name)) = members.next_key()? {
        take(&name, &mut members)?;
    }
    Ok(())
}

/// Reads the value of the member `name`.
///
/// # Errors
/// When the value is invalid, or was read before.
pub fn take_once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    value: &mut Option<T>,
    name: &'static str,
    members: &mut A,
) -> Result<(), A::Error> {
    if value.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *value = Some(members.next_value()?);
    Ok(())
}

/// Borrowed unless it is escaped, as most lines of a large file have the same dozen names.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct MemberName<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Statistics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Statistics", &FIELDS, RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Statistics;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Statistics, A::Error> {
        let mut row = RowReader::default();
        each_member(members, |name, members| row.take(name, members))?;
        Statistics::new(row.finish()?).map_err(A::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROW: &str = concat!(
        r#"{"id":300000000000000001,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"#,
        r#""instanceInfo":{"0e767bcb-7480-4e85-bbe8-439fe7871104":11,"car":1,"select-[e000f]":44},"#,
        r#""instanceNum":12,"attributeNum":44,"frameNum":1}"#,
    );

    fn read(json: &str) -> Result<Statistics, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_row_is_written_with_the_nine_fields_in_their_order_and_reads_back() {
        let row = read(ROW).unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), ROW);
        let places = FIELDS.map(|name| ROW.find(&format!("\"{name}\":")).unwrap());
        assert!(places.is_sorted(), "{places:?}");
        let named = ROW.replacen('{', r#"{"sourceName":"a.jpg","note":[{}],"#, 1);
        assert_eq!(read(&named).unwrap().source_name().map(SourceName::as_str), Some("a.jpg"));
        assert_eq!(serde_json::to_string(&read(&named).unwrap()).unwrap(), ROW);
    }

    proptest! {
        #[test]
        fn any_row_is_written_as_serde_json_writes_it(
            numbers in (any::<i64>(), any::<i32>(), 0_i16..6, any::<i64>()),
            texts in ("[^\0]{1,20}", "[ -~]{1,20}"),
            keys in proptest::collection::btree_map("[^\0]{1,12}", 0..i64::MAX / 80, 0..80),
        ) {
            let (id, status, pool_type, frames) = numbers;
            let counts = keys.into_iter().map(|(key, count)| (key.try_into().unwrap(), count.try_into().unwrap()));
            let instance_info = InstanceInfo::new(counts).unwrap();
            let row = Statistics::new(StatisticsParts {
                id: id.into(),
                source_name: None,
                status: status.into(),
                campaign_id: CampaignId::new(texts.0).unwrap(),
                pool_name: PoolName::new(texts.1).unwrap(),
                pool_type: pool_type.try_into().unwrap(),
                instance_num: instance_info.total(),
                instance_info,
                attribute_num: Count::ZERO,
                frame_num: frames.checked_abs().unwrap_or(i64::MAX).try_into().unwrap(),
            }).unwrap();
            let mut written = Vec::new();
            row.write_json(&mut written).unwrap();
            prop_assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string(&row).unwrap());
        }
    }

    #[test]
    fn each_field_must_be_there_once_also_where_its_name_is_escaped() {
        for name in FIELDS {
            let (missing, escaped) =
                (ROW.replacen(name, "other", 1), format!("\\u{:04x}", u32::from(name.as_bytes()[0])));
            assert!(read(&missing).unwrap_err().starts_with(&format!("missing field `{name}`")), "{name}");
            let member = format!("\"{name}\":");
            let twice = ROW.replacen(&member, &format!("\"{escaped}{}\":1,{member}", &name[1..]), 1);
            assert!(read(&twice).is_err(), "{name}");
            assert!(read(&ROW.replacen(&member, &format!("\"{escaped}{}\":", &name[1..]), 1)).is_ok(), "{name}");
        }
        let twice = ROW.replacen(r#""id":"#, r#""id":7,"id":"#, 1);
        assert!(read(&twice).unwrap_err().starts_with("duplicate field `id`"));
    }
}
