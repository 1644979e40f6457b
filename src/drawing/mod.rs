//! Pictures that the server draws itself: the card that a link to a page shows elsewhere, and the site's icons.
//!
//! `page.rs` answers with cards; `card.rs` is their design, `lettering.rs` its words: `case.rs` chooses size and lines,
//! `outline.rs` makes paths of them, `fonts.rs` has the letters, `flat_png.rs` the small file. `icons.rs` is on its own.

pub mod card;
mod case;
mod flat_png;
mod fonts;
pub mod icons;
mod lettering;
mod outline;
pub mod page;
