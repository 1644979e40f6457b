//! The front page: the hero with the shield, the Action Plan at a glance, the latest posts.

pub mod page;
