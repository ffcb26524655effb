//! The id of a campaign.

use crate::bounded_text::bounded_text;

bounded_text! {
    /// Identifies the campaign, that is the project, that an annotation request belongs to: 1 to 255 bytes of free text.
    ///
    /// A string although the public API page shows a number in its example: its field table and every sibling page
    /// say string.
    CampaignId, 255
}
