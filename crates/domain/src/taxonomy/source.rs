//! Where a taxonomy is from.

/// Where a taxonomy is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxonomySource {
    /// It was agreed on, and stated as a whole.
    Stated,
    /// It was not stated: it is what imported annotation files list.
    Import,
}

impl TaxonomySource {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Stated, Self::Import];

    /// The name for clients: `stated` or `import`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Import => "import",
        }
    }
}
