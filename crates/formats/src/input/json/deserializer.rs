//! Values out of the tokens of JSON in memory.

use crate::input::json::tokens::{Tokens, Unclear};
use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;
use std::fmt;

/// A newtype of this name is given the text of its value, where the parser has it in memory: it is passed over as a whole.
pub(super) const VALUE_TEXT: &str = "$annotation_statistics::ValueText";

impl fmt::Display for Unclear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not plain to see")
    }
}

impl std::error::Error for Unclear {}

impl Error for Unclear {
    /// The careful way finds the same, and where.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Odd
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, Unclear> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl<'de> Tokens<'de> {
    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unclear> {
        let number = self.number()?;
        if !number.is_whole {
            let fraction = number.text.parse().ok().filter(|fraction: &f64| fraction.is_finite());
            return visitor.visit_f64(fraction.ok_or(Unclear::Odd)?);
        }
        if number.text.starts_with('-') {
            return visitor.visit_i64(number.text.parse().map_err(|_| Unclear::Odd)?);
        }
        visitor.visit_u64(number.text.parse().map_err(|_| Unclear::Odd)?)
    }

    fn visit_bool<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unclear> {
        let is_true = self.peek()? == b't';
        self.pass_word(if is_true { "true" } else { "false" })?;
        visitor.visit_bool(is_true)
    }

    fn visit_array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unclear> {
        self.open(b'[')?;
        let value = visitor.visit_seq(Items { tokens: self, is_first: true })?;
        self.close(b']')?;
        Ok(value)
    }

    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unclear> {
        self.open(b'{')?;
        let value = visitor.visit_map(Items { tokens: self, is_first: true })?;
        self.close(b'}')?;
        Ok(value)
    }
}

impl<'de> Deserializer<'de> for &mut Tokens<'de> {
    type Error = Unclear;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        match self.peek()? {
            b'"' => visit_text(self.string()?, visitor),
            b'-' | b'0'..=b'9' => self.visit_number(visitor),
            b'[' => self.visit_array(visitor),
            b'{' => self.visit_object(visitor),
            b't' | b'f' => self.visit_bool(visitor),
            _ => {
                self.pass_word("null")?;
                visitor.visit_unit()
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_bool(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_number(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_number(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_number(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        visit_text(self.string()?, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        visit_text(self.string()?, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        if self.peek()? == b'n' {
            self.pass_word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &str, visitor: V) -> Result<V::Value, Unclear> {
        if name != VALUE_TEXT {
            return visitor.visit_newtype_struct(self);
        }
        self.peek()?;
        let start = self.place();
        self.skip()?;
        visitor.visit_borrowed_str(self.since(start))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_array(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.visit_object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unclear> {
        self.visit_object(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unclear> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unclear> {
        Err(Unclear::Odd)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// The items of an array or an object.
struct Items<'tokens, 'de> {
    tokens: &'tokens mut Tokens<'de>,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unclear;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unclear> {
        if !self.tokens.has_next(b']', std::mem::replace(&mut self.is_first, false))? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.tokens).map(Some)
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unclear;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unclear> {
        if !self.tokens.has_next(b'}', std::mem::replace(&mut self.is_first, false))? {
            return Ok(None);
        }
        let name: CowStrDeserializer<'_, Unclear> = self.tokens.string()?.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unclear> {
        self.tokens.expect(b':')?;
        seed.deserialize(&mut *self.tokens)
    }
}
